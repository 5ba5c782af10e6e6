/** How the console itself runs, in one sentence. */
import type { Process, SlowQueries } from "../../server/telemetry/schema.ts";
import { plural } from "../data/format.ts";
import type { Sentence } from "../shell/page.tsx";

/** Timers that run this late make every answer late. */
const LATE_MS = 250;

/** The worst fact leads: a silent process, a late one, no worker, then slow queries, then quiet. */
export function telemetrySentence(processes: readonly Process[], queries: SlowQueries): Sentence {
  const silent = processes.filter((process) => !process.isAlive).length;
  const late = processes.filter((process) => process.isAlive && (process.eventLoopLagMs ?? 0) > LATE_MS).length;
  const alive = processes.length - silent;
  const running = `${plural(alive, "process runs", "processes run")}.`;
  if (silent > 0) return { tone: "fail", lead: `${plural(silent, "process has", "processes have")} fallen silent.`, rest: running };
  if (late > 0) return { tone: "warn", lead: `${plural(late, "process runs", "processes run")} late.`, rest: "Its timers fire a quarter of a second after their time or more." };
  if (!processes.some((process) => process.role === "worker")) return { tone: "warn", lead: "No worker runs.", rest: "Pages answer, but no check and no job is done." };
  if (queries.state !== "available") return { tone: "ok", lead: running, rest: "The database does not count its statements." };
  const slow = queries.items.length;
  if (slow > 0) return { tone: "ok", lead: running, rest: `${plural(slow, "statement")} took 100 ms or more at least once.` };
  return { tone: "ok", lead: running, rest: "No statement took 100 ms or more." };
}
