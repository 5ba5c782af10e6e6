import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";

export const adminsSecondFactor: Rule = {
  id: "admins-second-factor",
  title: "Every administrator has a second factor",
  why: "A password alone is guessed, reused or phished.",
  fix: "Let each administrator set up codes on the security page.",
  category: "security",
  severity: "high",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "all");
    const { admins, adminsWithSecondFactor } = facts.console.access;
    return decide(admins > 0 && adminsWithSecondFactor === admins, { value: `${adminsWithSecondFactor} of ${admins}`, target: "all", at: facts.console.at, evidence: seen("Users", "/access/users", { Administrators: admins, "With a second factor": adminsWithSecondFactor }) }, admins === 0 ? 0 : adminsWithSecondFactor / admins);
  },
};
