import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.layer.css";
import "@/components/shell/tokens.css";
import "@/components/shell/globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { AppearanceScript } from "@/components/shell/appearance";
import { preloadFonts } from "@/components/shell/early-fonts";
import { Providers } from "@/components/shell/providers";
import { RevealScript } from "@/components/shell/reveal";

export const metadata: Metadata = {
  title: { default: "Seaworthy", template: "%s · Seaworthy" },
  description: "Production-readiness console",
  icons: { icon: "/mark.svg" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  preloadFonts();
  const nonce = (await headers()).get("x-nonce") ?? "";
  return (
    <html lang="en" data-mantine-color-scheme="light" data-density="comfortable" suppressHydrationWarning>
      <head>
        <AppearanceScript nonce={nonce} />
        <RevealScript nonce={nonce} />
      </head>
      <body>
        <Providers nonce={nonce}>{children}</Providers>
      </body>
    </html>
  );
}
