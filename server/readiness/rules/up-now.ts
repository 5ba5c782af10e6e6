import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { liveChecks, serviceHref, newestResult, plural, nameList } from "./words.ts";

export const upNow: Rule = {
  id: "up-now",
  title: "It is up",
  why: "Nothing else matters while it is down.",
  fix: "Open the service and mend what its checks name.",
  category: "availability",
  severity: "critical",
  weight: 4,
  isBlocking: true,
  freshForMs: WATCHED_MS,
  judge: ({ service }) => {
    const checks = liveChecks(service);
    const known = checks.filter(({ state }) => state !== "unknown");
    if (known.length === 0) return unknown("no fresh result", "up");
    const down = known.filter(({ state }) => state === "down");
    const evidence = seen(down[0] ? `${down[0].name}: ${down[0].lastMessage}` : plural(known.length, "check"), serviceHref(service), Object.fromEntries(checks.slice(0, 8).map((check) => [check.name, `${check.state}${check.lastMessage ? `, ${check.lastMessage}` : ""}`])));
    return decide(down.length === 0, { value: down.length === 0 ? "up" : `down at ${nameList(down.map(({ name }) => name))}`, target: "up", at: newestResult(service), evidence });
  },
};
