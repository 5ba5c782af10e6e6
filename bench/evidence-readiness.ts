/**
 * Scoring a thousand services against every rule on one worker's database connection pool, and one service again, beside
 * the bare cost of judging the same facts in memory.
 */
import { seedServices } from "../prisma/seed/services.ts";
import type { Context } from "../server/platform/context.ts";
import { evaluate } from "../server/readiness/mutations/index.ts";
import { getScorecard, loadFacts } from "../server/readiness/queries/index.ts";
import { RULES } from "../server/readiness/rules/registry.ts";
import { DEFAULT_WEIGHTS } from "../server/readiness/schema/index.ts";
import { scoreService } from "../server/readiness/scorecard.ts";
import { withDatabase } from "./database.ts";
import { percentile, type Figure } from "./figure.ts";

const SERVICES = 1_000;
const DAYS = 30;
const AGAIN = 40;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function measure(ctx: Context): Promise<Figure[]> {
  const firstMs = await timed(() => evaluate(ctx));
  const steadyMs = await timed(() => evaluate(ctx));
  const ids = (await ctx.db.service.findMany({ select: { id: true }, take: AGAIN, orderBy: { id: "asc" } })).map(({ id }) => id);
  const single: number[] = [];
  const reads: number[] = [];
  for (const id of ids) {
    single.push(await timed(() => evaluate(ctx, [id])));
    reads.push(await timed(() => getScorecard(ctx, { id })));
  }
  const facts = await loadFacts(ctx, ids);
  const bareMs = await timed(async () => {
    for (const own of facts) scoreService(own, { rules: RULES, weights: DEFAULT_WEIGHTS, waived: new Set(), now: ctx.now() });
  });
  const note = `${SERVICES} services, ${RULES.length} rules`;
  return [
    { name: "readiness-all-first", value: firstMs / 1_000, unit: "s", goal: "<=10", note },
    { name: "readiness-all-again", value: steadyMs / 1_000, unit: "s", goal: "<=10", note: `${note}, nothing changed` },
    { name: "readiness-one-p95", value: percentile(single, 0.95), unit: "ms", goal: "<=50" },
    { name: "readiness-scorecard-p95", value: percentile(reads, 0.95), unit: "ms", goal: "<=50" },
    { name: "readiness-judging-alone", value: bareMs / facts.length, unit: "ms", goal: "<=5", note: "the rules of one service without the database" },
  ];
}

/** Figures of scoring. */
export function run(): Promise<Figure[]> {
  return withDatabase(async (ctx) => {
    await seedServices(ctx, { services: SERVICES, days: DAYS });
    // A database that runs has its statistics; a minute after its first rows it has none yet.
    await ctx.db.$executeRaw`ANALYZE`;
    return measure(ctx);
  });
}
