import { MINUTE_MS } from "../../platform/clock.ts";
import { backupRule } from "./backup-words.ts";
import { spanWords } from "./words.ts";

export const backupVerified = backupRule({
  id: "backup-verified",
  title: "A backup within the objective is proven by a restore",
  why: "Only what was restored is known to restore; data younger than the proof is a hope.",
  fix: "Drill the newest backup, or let a drill follow backups more often.",
  severity: "high",
  weight: 2,
  target: "proven within the objective",
  answer: ({ verified, lastDrill, rpoMinutes, allowedAgeMs }, now) => {
    const target = `proven data at most ${spanWords(rpoMinutes * MINUTE_MS)} old`;
    const rows = { "Proven as of": verified?.dataAsOf ?? "never", "Proven at": verified?.verifiedAt ?? null, Objective: spanWords(rpoMinutes * MINUTE_MS) };
    if (!verified) return { holds: lastDrill ? false : null, value: lastDrill ? "no drill has passed" : "no drill yet", target, rows };
    const age = Math.max(0, now.getTime() - verified.dataAsOf.getTime());
    return { holds: age <= allowedAgeMs, value: `proven data is ${spanWords(age)} old`, target, credit: allowedAgeMs / Math.max(age, allowedAgeMs), rows };
  },
});
