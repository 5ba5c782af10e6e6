/**
 * Who may see the console, for display only: every procedure checks for itself. Nobody signed in leads to the sign-in
 * page and back, no user at all to the first setup.
 */
import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { requestContext, serverCaller, setupState, unlessAway } from "../trpc/server.tsx";
import type { Instance } from "./navigation.tsx";
import type { Viewer } from "./viewer.tsx";

/** The path and query as the edge wrote them. */
const PATH_HEADER = "x-seaworthy-path";

/** The page's own address: without the marker of a fetched navigation. */
function pathOf(target: string | null): string {
  const url = new URL(target ?? "/", "http://console");
  url.searchParams.delete("_rsc");
  return url.pathname + url.search;
}

async function leave(): Promise<never> {
  if ((await setupState()).isNeeded) redirect("/setup");
  const path = pathOf((await headers()).get(PATH_HEADER));
  redirect(path === "/" ? "/sign-in" : `/sign-in?callbackUrl=${encodeURIComponent(path)}`);
}

/** Where those go whom nobody can name while the database is away; the page there says so and leads back by itself. */
async function waitOutside(): Promise<never> {
  redirect(`/sign-in?callbackUrl=${encodeURIComponent(pathOf((await headers()).get(PATH_HEADER)))}`);
}

export async function gate(): Promise<{ viewer: Viewer; instance: Instance }> {
  const context = await unlessAway(requestContext);
  if (!context) return waitOutside();
  const { actor } = context;
  if (actor.kind !== "user") return leave();
  if (actor.owesSecondFactor) redirect("/second-factor");
  const caller = await serverCaller();
  const settings = await caller.settings.get({});
  const { id, name, email, role } = actor;
  return { viewer: { id, name, email, role }, instance: { name: settings.values.instanceName, environment: settings.environment } };
}
