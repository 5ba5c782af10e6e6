import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { percent } from "./words.ts";

const MOST = 0.05;
const LEAST_JOBS = 20;

export const jobsSucceed: Rule = {
  id: "jobs-succeed",
  title: "At most 1 in 20 jobs fails",
  why: "Failing jobs fill the queue with retries.",
  fix: "Open the queue with the most failures and read the newest error.",
  category: "reliability",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", `at most ${percent(MOST, 0)}`);
    const { failedLastHour, completedLastHour } = facts.console.queues;
    const all = failedLastHour + completedLastHour;
    const share = all === 0 ? 0 : failedLastHour / all;
    return decide(all < LEAST_JOBS ? failedLastHour === 0 : share <= MOST, { value: `${failedLastHour} of ${all} in the last hour`, target: `at most ${percent(MOST, 0)}`, at: facts.console.at, evidence: seen("Queues", "/queues", { Failed: failedLastHour, Done: completedLastHour }) });
  },
};
