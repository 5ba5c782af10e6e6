"use client";
import { MantineProvider } from "@mantine/core";
import dynamic from "next/dynamic";
import { useEffect, useState, type ReactNode } from "react";
import { TrpcRoot } from "../trpc/client.tsx";
import { cssVariablesResolver, theme } from "./theme.ts";
import { whenToastNeeded } from "./toast.ts";

const Toaster = dynamic(() => import("./toaster.tsx"), { ssr: false });

function ToastHost() {
  const [isNeeded, setNeeded] = useState(false);
  useEffect(() => whenToastNeeded(() => setNeeded(true)), []);
  return isNeeded ? <Toaster /> : null;
}

/** What every page stands on: theme, server state, toasts. `nonce` is the request's, for the style tags Mantine writes. */
export function Providers({ nonce, children }: { nonce: string; children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <TrpcRoot>{children}</TrpcRoot>
      <ToastHost />
    </MantineProvider>
  );
}
