import { DAY_MS } from "../../platform/clock.ts";
import { backupRule } from "./backup-words.ts";
import { spanWords } from "./words.ts";

/** A drill after every seventh daily backup, the default of a plan, and a day for it to run. */
const PROOF_MS = 8 * DAY_MS;

export const backupVerified = backupRule({
  id: "backup-verified",
  title: "A backup of the last days is proven by a restore",
  why: "Only what was restored is known to restore; data younger than the proof is a hope.",
  fix: "Drill the newest backup, or let a drill follow backups more often.",
  severity: "high",
  weight: 2,
  target: `proven data at most ${spanWords(PROOF_MS)} old`,
  answer: ({ verified, lastDrill, allowedAgeMs }, now) => {
    // Data that may be older than that by its objective need not be proven younger.
    const allowedMs = Math.max(PROOF_MS, allowedAgeMs);
    const target = `proven data at most ${spanWords(allowedMs)} old`;
    const rows = { "Proven as of": verified?.dataAsOf ?? "never", "Proven at": verified?.verifiedAt ?? null, Allowed: spanWords(allowedMs) };
    if (!verified) return { holds: lastDrill ? false : null, value: lastDrill ? "no drill has passed" : "no drill yet", target, rows };
    const age = Math.max(0, now.getTime() - verified.dataAsOf.getTime());
    return { holds: age <= allowedMs, value: `proven data is ${spanWords(age)} old`, target, credit: allowedMs / Math.max(age, allowedMs), rows };
  },
});
