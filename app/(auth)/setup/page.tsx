import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SetupScreen } from "@/components/access/setup-screen";
import { setupState } from "@/components/trpc/server";
import { version } from "@/server/platform/health/live.ts";
import { aboutThisConsole } from "../about";

// The setup token is in the address: it must not travel on in a Referer header.
export const metadata: Metadata = { title: "Set up", referrer: "no-referrer" };

type SetupProps = { searchParams: Promise<{ token?: string | string[] }> };

export default async function SetupPage({ searchParams }: SetupProps) {
  const { token } = await searchParams;
  const { isNeeded, facts } = await setupState();
  if (!isNeeded || !facts) redirect("/sign-in");
  return <SetupScreen facts={facts} token={typeof token === "string" ? token : ""} version={version()} about={await aboutThisConsole()} />;
}
