/** How access stands, in one sentence a tab. Pure. */
import type { ApiKey, Session } from "../../server/access/schema.ts";
import { plural } from "../data/format.ts";
import type { Standing } from "../data/standing.ts";

const DAY_MS = 86_400_000;
/** A key that ends within this time needs a successor now. */
const SOON_MS = 7 * DAY_MS;

/** Keys on screen: how many work, and which end soon. `now` 0 means that ages are not known yet. */
export function keysSentence(keys: readonly ApiKey[] | undefined, now: number): Standing | undefined {
  if (!keys) return undefined;
  const active = keys.filter((key) => key.state === "active");
  if (active.length === 0) return { tone: "unknown", lead: "No key works now.", rest: "A key acts for its owner, never with more than the owner's present role." };
  const ending = now === 0 ? [] : active.filter((key) => key.expiresAt && key.expiresAt.getTime() - now < SOON_MS);
  const lead = `${plural(active.length, "key works", "keys work")}.`;
  if (ending.length > 0) return { tone: "warn", lead, rest: `${ending.map((key) => key.name).join(", ")} ${ending.length === 1 ? "ends" : "end"} within a week; put a new key in place before.` };
  const endless = active.filter((key) => !key.expiresAt).length;
  return { tone: "ok", lead, rest: endless > 0 ? `${plural(endless, "of them never ends", "of them never end")}.` : "None ends within a week." };
}

/** Sessions on screen. */
export function sessionsSentence(sessions: readonly Session[] | undefined): Standing | undefined {
  if (!sessions) return undefined;
  const addresses = new Set(sessions.map((session) => session.address ?? "")).size;
  return { tone: "ok", lead: `${plural(sessions.length, "browser is", "browsers are")} signed in, from ${plural(addresses, "address", "addresses")}.`, rest: "One that you end is out with its next request." };
}
