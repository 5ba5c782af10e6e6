import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, httpChecks, liveChecks, newestResult, pathOf, nameList } from "./words.ts";

const READINESS = /\/(ready|readyz|readiness|health|healthcheck|status)\/?$|\/health\/(ready|status|detailed)\/?$/;

export const readinessAnswers: Rule = {
  id: "readiness-answers",
  title: "Its readiness answers",
  why: "Traffic must reach only what can serve it.",
  fix: "Offer a readiness address such as /health/ready and add a check of it.",
  category: "reliability",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const check = service.isSelf ? liveChecks(service)[0] : httpChecks(service).find(({ url }) => READINESS.test(pathOf(url)));
    if (!check) return decide(false, { value: "no check of a readiness address", target: "answers", at: newestResult(service), evidence: seen("Checks of the service", checkHref(service), { Checks: nameList(service.checks.map(({ name }) => name)) || "none" }) });
    if (check.state === "unknown") return unknown("no fresh result", "answers");
    return decide(check.state !== "down", { value: check.lastMessage || check.state, target: "answers", at: check.lastResultAt, evidence: seen(check.name, checkHref(service), { Check: check.name, Answer: check.lastMessage, State: check.state }) });
  },
};
