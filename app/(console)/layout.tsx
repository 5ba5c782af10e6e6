import type { ReactNode } from "react";
import { gate } from "@/components/shell/gate";
import { Shell } from "@/components/shell/shell";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { viewer, instance } = await gate();
  return (
    <Shell viewer={viewer} instance={instance}>
      {children}
    </Shell>
  );
}
