/** The profile that each tier must have passed lately. */
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { loadHref, LOAD_FRESH_MS } from "./words.ts";

const NEEDED: Record<number, { users: number; name: string }> = { 1: { users: 500, name: "spike" }, 2: { users: 100, name: "basic" }, 3: { users: 10, name: "smoke" } };

export const loadProfilePassed: Rule = {
  id: "load-profile-passed",
  title: "It passed the load that its tier needs",
  why: "What was never loaded breaks on its best day.",
  fix: "Run the profile and push the result.",
  category: "performance",
  severity: "high",
  weight: 4,
  freshForMs: 2 * LOAD_FRESH_MS,
  judge: ({ service, load }) => {
    const needed = NEEDED[service.tier] ?? { users: 10, name: "smoke" };
    const target = `${needed.name}, ${needed.users} users`;
    const highest = load?.highestPassed;
    if (!load || load.runs === 0) return unknown("no load test yet", target, seen("Load tests", loadHref(service), { Runs: 0 }));
    const evidence = seen(highest ? `${highest.scenario}, ${highest.profile}` : "No run passed", highest ? `/loadtests/${highest.id}` : loadHref(service), { Runs: load.runs, Profile: highest?.profile, Users: highest?.users, Received: highest?.at });
    return decide((highest?.users ?? 0) >= needed.users, { value: highest ? `${highest.profile}, ${highest.users} users` : "none passed", target, at: highest?.at ?? load.latest?.at ?? null, evidence }, (highest?.users ?? 0) / needed.users);
  },
};
