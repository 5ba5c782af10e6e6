import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, httpChecks, liveChecks, newestResult, pathOf, nameList } from "./words.ts";

/** The last part of usual liveness paths. */
const LIVENESS = /\/(live|livez|liveness|ping|healthz|alive|up)\/?$/;

export const livenessAnswers: Rule = {
  id: "liveness-answers",
  title: "Its liveness answers",
  why: "Whoever restarts it must be able to ask whether it is alive without asking what it depends on.",
  fix: "Offer a liveness address such as /health/live and add a check of it.",
  category: "reliability",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const check = service.isSelf ? liveChecks(service)[0] : httpChecks(service).find(({ url }) => LIVENESS.test(pathOf(url)));
    if (!check) return decide(false, { value: "no check of a liveness address", target: "answers", at: newestResult(service), evidence: seen("Checks of the service", checkHref(service), { Checks: nameList(service.checks.map(({ name }) => name)) || "none" }) });
    if (check.state === "unknown") return unknown("no fresh result", "answers");
    return decide(check.state !== "down", { value: check.lastMessage || check.state, target: "answers", at: check.lastResultAt, evidence: seen(check.name, checkHref(service), { Check: check.name, Answer: check.lastMessage, State: check.state }) });
  },
};
