import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { plural } from "./words.ts";

const MOST_ATTEMPTS = 10;

export const lockoutOn: Rule = {
  id: "lockout-on",
  title: "Guessing passwords is stopped",
  why: "Without a lockout a password is a question of time.",
  fix: "Lower the limit of sign-ins on the limits page.",
  category: "security",
  severity: "critical",
  weight: 2,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", `at most ${MOST_ATTEMPTS} failures`);
    const { signInMax } = facts.console.limits;
    return decide(signInMax > 0 && signInMax <= MOST_ATTEMPTS, { value: `${plural(signInMax, "failure")} in 15 min`, target: `at most ${MOST_ATTEMPTS} failures`, at: facts.console.at, evidence: seen("Limits", "/limits", { "Failed sign-ins allowed": signInMax }) });
  },
};
