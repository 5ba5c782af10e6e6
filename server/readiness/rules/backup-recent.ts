import { MINUTE_MS } from "../../platform/clock.ts";
import { backupRule } from "./backup-words.ts";
import { spanWords } from "./words.ts";

export const backupRecent = backupRule({
  id: "backup-recent",
  title: "The newest backup is young enough for its objective",
  why: "Whatever is younger than the newest backup is lost with the database.",
  fix: "Open the plan: mend what fails, or run it more often.",
  severity: "critical",
  weight: 3,
  target: "within the objective",
  answer: ({ good, rpoMinutes, allowedAgeMs, createdAt }, now) => {
    const target = `at most ${spanWords(rpoMinutes * MINUTE_MS)} old`;
    const age = now.getTime() - (good?.dataAsOf ?? createdAt).getTime();
    const rows = { "Data as of": good?.dataAsOf ?? "never", Objective: spanWords(rpoMinutes * MINUTE_MS) };
    if (!good) return { holds: age > allowedAgeMs ? false : null, value: "no usable backup yet", target, rows };
    return { holds: age <= allowedAgeMs, value: `${spanWords(Math.max(0, age))} old`, target, rows };
  },
});
