"use client";
/** The typed client in the browser: queries and changes in batches, live events over one server-sent stream. */
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { useState, type ReactNode } from "react";
import superjson from "superjson";
import type { AppRouter } from "../../server/root.ts";
import { makeQueryClient } from "./query-client.ts";

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

const URL_PATH = "/api/trpc";
/** The server refuses larger batches. */
const MAX_BATCH = 10;

let tabClient: QueryClient | undefined;

/** One client a tab; a new one for each server render, so that no request sees another's data. */
function getQueryClient(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient();
  tabClient ??= makeQueryClient();
  return tabClient;
}

/** Longer than the server's own limits; a read that takes more is told as failed. Changes may take their time. */
const READ_TIMEOUT_MS = 15_000;

/** Reads go by GET. */
const fetchInTime: typeof fetch = (url, options) => {
  if (options?.method !== "GET") return fetch(url, options);
  const signals = [AbortSignal.timeout(READ_TIMEOUT_MS), ...(options.signal ? [options.signal] : [])];
  return fetch(url, { ...options, signal: AbortSignal.any(signals) });
};

function makeTrpcClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url: URL_PATH, transformer: superjson }),
        false: httpBatchStreamLink({ url: URL_PATH, transformer: superjson, maxItems: MAX_BATCH, fetch: fetchInTime }),
      }),
    ],
  });
}

export function TrpcRoot({ children }: { children: ReactNode }) {
  const queryClient = getQueryClient();
  const [trpcClient] = useState(makeTrpcClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
