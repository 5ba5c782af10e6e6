import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { plural } from "./words.ts";

export const twoAdmins: Rule = {
  id: "two-admins",
  title: "Two people administer the console",
  why: "One person is ill, or gone, or locked out.",
  fix: "Make somebody else an administrator.",
  category: "security",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "2 administrators");
    const { admins } = facts.console.access;
    return decide(admins >= 2, { value: plural(admins, "administrator"), target: "2 administrators", at: facts.console.at, evidence: seen("Users", "/access/users", { Administrators: admins }) }, admins / 2);
  },
};
