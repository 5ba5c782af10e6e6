/**
 * Words of pings, and their shape as an address, which other tools use too: `/ping/<id>`, then nothing (done), `/start`,
 * `/fail`, `/log` or an exit code; `?rid=` names the run (the ping API of Healthchecks, "Pinging API" in its documentation).
 */
import * as z from "zod";

/** Longest note of a ping that is kept. */
const NOTE_MAX = 500;
export const Ping = z.object({
  pingId: z.guid().toLowerCase(),
  kind: z.enum(["success", "start", "fail", "log"]).default("success"),
  exitCode: z.number().int().min(0).max(255).optional().describe("Anything but 0 is a failure."),
  note: z.string().max(NOTE_MAX).default(""),
  runId: z.string().max(80).optional().describe("The same at start and end, where runs overlap."),
});
export type Ping = z.infer<typeof Ping>;
export const PingAnswer = z.object({ ok: z.literal(true) });
export type PingAnswer = z.infer<typeof PingAnswer>;

const KINDS: Record<string, Ping["kind"]> = { "": "success", start: "start", fail: "fail", log: "log" };

/** What an address below /ping says; null for one that says nothing. `note` is the request's body, cut to what is kept. */
export function pingOf(segments: readonly string[], { runId, note }: { runId: string | null; note: string }): Ping | null {
  const [pingId = "", said = "", ...rest] = segments;
  if (rest.length > 0) return null;
  const exitCode = /^\d{1,3}$/.test(said) ? Number(said) : undefined;
  const kind = exitCode === undefined ? (Object.hasOwn(KINDS, said) ? KINDS[said] : undefined) : "success";
  const parsed = Ping.safeParse({ pingId, kind: kind ?? "?", note: note.slice(0, NOTE_MAX), ...(exitCode === undefined ? {} : { exitCode }), ...(runId ? { runId } : {}) });
  return parsed.success ? parsed.data : null;
}
