import { backupRule } from "./backup-words.ts";
import { spanWords } from "./words.ts";

export const backupDrilled = backupRule({
  id: "backup-drilled",
  title: "A restore drill passed within its period",
  why: "Backups rot in silence: formats, keys and rights change.",
  fix: "Start a drill, and open the last one when it failed.",
  severity: "critical",
  weight: 2,
  target: "within the plan's period",
  answer: ({ verified, lastDrill, drillPeriodMs, createdAt }, now) => {
    const target = `passed within ${spanWords(drillPeriodMs)}`;
    const rows = { "Last drill": lastDrill?.state ?? "none", Ended: lastDrill?.at ?? null, "Last proof": verified?.verifiedAt ?? "never", Period: spanWords(drillPeriodMs) };
    if (lastDrill?.state === "failed") return { holds: false, value: "the last drill failed", target, rows };
    const age = Math.max(0, now.getTime() - (verified?.verifiedAt ?? createdAt).getTime());
    if (!verified) return { holds: age > drillPeriodMs ? false : null, value: "no backup is proven", target, rows };
    return { holds: age <= drillPeriodMs, value: `${spanWords(age)} ago`, target, rows };
  },
});
