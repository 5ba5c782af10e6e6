/** What the rules about backups share: which plans count, and the worst of them decides. */
import type { BackupFacts } from "../../backups/queries/index.ts";
import type { Facts } from "../facts.ts";
import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";

/** Plans that decide: those that run; a service that has paused all of them is judged by these. */
export function countingPlans(plans: readonly BackupFacts[]): readonly BackupFacts[] {
  const live = plans.filter(({ isLive }) => isLive);
  return live.length > 0 ? live : plans;
}

export const planHref = ({ slug }: BackupFacts): string => `/backups/${slug}`;

/** What is said of one plan. `holds` null: nobody knows yet. */
export type PlanAnswer = { holds: boolean | null; value: string; target: string; /** The part that is there already, 0 to 1. */ credit?: number; rows: Record<string, string | number | Date | null> };

type BackupRule = Pick<Rule, "id" | "title" | "why" | "fix" | "severity" | "weight"> & { target: string; answer: (plan: BackupFacts, now: Date) => PlanAnswer };

const rankOf = ({ holds }: PlanAnswer): number => (holds === null ? 1 : Number(holds) * 2);

/** A rule about every plan of the service: one that fails fails it, else one of which nobody knows leaves it unknown. */
export function backupRule({ target, answer, ...rule }: BackupRule): Rule {
  return {
    ...rule,
    category: "database",
    freshForMs: WATCHED_MS,
    appliesTo: ({ backups }) => backups.length > 0,
    judge: ({ backups }: Facts, now) => {
      const answers = countingPlans(backups).map((plan) => ({ plan, said: answer(plan, now) }));
      const worst = answers.toSorted((a, b) => rankOf(a.said) - rankOf(b.said) || (a.said.credit ?? 0) - (b.said.credit ?? 0))[0];
      if (!worst) return unknown("no plan", target);
      const { plan, said } = worst;
      const value = answers.length > 1 ? `${plan.name}: ${said.value}` : said.value;
      const evidence = seen(`Plan ${plan.name}`, planHref(plan), { Plan: plan.name, ...said.rows, Read: plan.at });
      return said.holds === null ? unknown(value, said.target, evidence) : decide(said.holds, { value, target: said.target, at: plan.at, evidence }, said.credit);
    },
  };
}
