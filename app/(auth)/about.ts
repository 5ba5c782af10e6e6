import { headers } from "next/headers";
import { version } from "@/server/platform/health/live.ts";

/** "Seaworthy 0.1.0 at console.example", with the host this browser used. */
export async function aboutThisConsole(): Promise<string> {
  return `Seaworthy ${version()} at ${(await headers()).get("host") ?? "this machine"}`;
}
