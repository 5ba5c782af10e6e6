/** What rules about coverage and tests share. */
import { DAY_MS } from "../../platform/clock.ts";
import type { ServiceFacts } from "../../services/queries/index.ts";
import type { Facts } from "../facts.ts";
import { decide, seen, unknown, type Rule } from "../rule.ts";
import { figure } from "./words.ts";

export const coverageHref = (service: ServiceFacts): string => `/coverage/${service.slug}`;

/** Services of the first two tiers whose source is the team's own. */
export const hasSource = ({ service, coverage }: Facts): boolean => !service.isSelf && (service.tier <= 2 || (coverage?.latest ?? null) !== null);

/** The oldest of the newest: what all of them together are as old as. */
export function newestOf(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.min(...times.map((time) => time.getTime())));
}

/** A rule about one suite of the service's expected reports: it reaches the level that its flag has. */
export function suiteRule(flag: "unit" | "integration" | "e2e", weight: number): Rule {
  const words = { unit: "unit tests", integration: "integration tests", e2e: "end-to-end tests" }[flag];
  return {
    id: `suite-${flag}`,
    title: `Its ${words} report and reach their level`,
    why: "Each kind of test finds what the others cannot.",
    fix: `Push the report of the ${words} with every commit, and raise it to its level.`,
    category: "testing",
    severity: "medium",
    weight,
    freshForMs: 30 * DAY_MS,
    appliesTo: ({ coverage }) => coverage !== null && (coverage.expectedFlags.includes(flag) || (coverage.latest?.flags.some((each) => each.flag === flag) ?? false)),
    judge: ({ service, coverage }) => {
      const level = coverage?.gate.flags[flag]?.lines?.block ?? coverage?.gate.levels.lines.block ?? 70;
      const suite = coverage?.latest?.flags.find((each) => each.flag === flag);
      const lines = suite?.percent.lines ?? null;
      const target = `${level} % of lines`;
      if (!coverage?.latest || !suite || lines === null) return unknown("its report is missing", target, seen("Coverage", coverageHref(service), { Suite: flag }));
      const facts = { value: `${figure(lines, 1)} %${suite.isCarried ? ", carried forward" : ""}`, target, at: suite.pushedAt, evidence: seen(`Suite ${flag}`, coverage.latest.url, { Suite: flag, Lines: `${figure(lines, 2)} %`, Carried: suite.isCarried ? "from an earlier commit" : "no", Received: suite.pushedAt }) };
      return decide(lines >= level, facts, lines / level);
    },
  };
}
