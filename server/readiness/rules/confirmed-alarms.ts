import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { checkHref, liveChecks, newestResult, plural, nameList } from "./words.ts";

export const confirmedAlarms: Rule = {
  id: "confirmed-alarms",
  title: "Its checks ask twice before an alarm",
  why: "One lost packet must not wake anybody.",
  fix: "Let each check fail at least twice before it counts as down.",
  category: "reliability",
  severity: "low",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: ({ service }) => liveChecks(service).length > 0,
  judge: ({ service }) => {
    const hasty = liveChecks(service).filter(({ failuresBeforeDown }) => failuresBeforeDown < 2);
    return decide(hasty.length === 0, { value: hasty.length === 0 ? "all ask twice" : `at once: ${nameList(hasty.map(({ name }) => name))}`, target: "2 failures in a row", at: service.updatedAt > (newestResult(service) ?? service.updatedAt) ? service.updatedAt : newestResult(service), evidence: seen("Checks of the service", checkHref(service), Object.fromEntries(liveChecks(service).slice(0, 8).map((check) => [check.name, plural(check.failuresBeforeDown, "failure")]))) });
  },
};
