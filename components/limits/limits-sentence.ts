/** How limits stand, in one sentence. */
import type { Summary } from "../../server/limits/schema.ts";
import { formatCount, plural } from "../data/format.ts";
import type { Sentence } from "../shell/page.tsx";

/** The worst fact leads: a store that is away, blocks, refusals, callers near a limit, then quiet. */
export function limitsSentence({ store, blocked, refused, near, calls }: Summary): Sentence {
  const rest = `${formatCount(calls)} calls in the last hour, ${formatCount(refused)} refused, ${plural(near, "caller")} near a limit.`;
  if (store === "shared-away") return { tone: "warn", lead: "Redis does not answer, so each process counts alone.", rest: `Sign-in is still counted in the database. ${rest}` };
  if (blocked > 0) return { tone: "warn", lead: `${plural(blocked, "address is", "addresses are")} blocked.`, rest };
  if (refused > 0) return { tone: "warn", lead: `${plural(refused, "call was", "calls were")} refused in the last hour.`, rest: "Nobody is blocked." };
  if (near > 0) return { tone: "warn", lead: `${plural(near, "caller is", "callers are")} near a limit.`, rest: "Nothing was refused and nobody is blocked." };
  return { tone: "ok", lead: "Nobody is blocked, refused or near a limit.", rest: `${formatCount(calls)} calls in the last hour.` };
}
