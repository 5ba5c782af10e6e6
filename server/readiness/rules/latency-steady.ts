import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { serviceHref, newestResult, milliseconds } from "./words.ts";

/** A day may be half as slow again as its week; below the floor nobody notices. */
const GROWTH = 1.5;
const FLOOR_MS = 50;

export const latencySteady: Rule = {
  id: "latency-steady",
  title: "It did not get slower this week",
  why: "What gets slower day by day is full of something.",
  fix: "Compare what was released and what grew since it was faster.",
  category: "performance",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const [day, week] = [service.latency1d.p95, service.latency7d.p95];
    if (day === null || week === null) return unknown("too few measurements", `at most ${GROWTH} times its week`);
    return decide(day <= week * GROWTH || day - week <= FLOOR_MS, { value: `${milliseconds(day)} now, ${milliseconds(week)} in 7 days`, target: `at most ${GROWTH} times its week`, at: newestResult(service), evidence: seen("Latency of the service", serviceHref(service), { "p95 of the day": milliseconds(day), "p95 of the week": milliseconds(week) }) });
  },
};
