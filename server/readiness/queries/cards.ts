/** Scorecards: one judged from the facts of this moment, all of them from the last evaluation. */
import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { DAY_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import type { KeptLine } from "../history.ts";
import { RULES } from "../rules/registry.ts";
import { levelOf, scoreOf, supposeHeld, type Gate, type GateAnswer, type Level, type ListScores, type RuleList, type Scorecard, type ScorePage, type ScoreRow, type WhatIf, type WhatIfAnswer } from "../schema/index.ts";
import { byUrgency, nextLevel, scoreService } from "../scorecard.ts";
import { isBadgePublic } from "./badge.ts";
import { loadFacts } from "./facts.ts";
import { getPolicy } from "./policy.ts";
import { readWaived } from "./waivers.ts";

const TREND_DAYS = 30;
const WEEK_MS = 7 * DAY_MS;

/** The score that held at a moment, as it was computed then; null before the first. */
export async function scoreAt(ctx: Context, serviceId: string | null, at: Date): Promise<number | null> {
  const row = await ctx.db.readinessPoint.findFirst({ where: { serviceId, at: { lte: at }, statedBy: null }, orderBy: [{ at: "desc" }, { id: "desc" }], select: { score: true } });
  return row?.score ?? null;
}

/** One service judged now: every rule with the observation that earned its points. Throws `not_found`. */
export async function getScorecard(ctx: Context, input: { id: string }): Promise<Scorecard> {
  const { id } = await findService(ctx, input.id);
  const [facts] = await loadFacts(ctx, [id]);
  if (!facts) throw new AppError("not_found", "This service is archived, so it has no score.");
  const [policy, waived, stored, weekAgo, isPublic] = await Promise.all([
    getPolicy(ctx),
    readWaived(ctx, [id]),
    ctx.db.readinessScore.findUnique({ where: { serviceId: id }, select: { changedAt: true } }),
    scoreAt(ctx, id, new Date(ctx.now().getTime() - WEEK_MS)),
    isBadgePublic(ctx, id),
  ]);
  const now = ctx.now();
  const card = scoreService(facts, { rules: RULES, weights: policy.weights, waived: waived.get(id) ?? new Set(), now, onBroken: (rule, error) => ctx.log.error({ err: error, rule }, "a readiness rule threw") });
  const { service } = facts;
  return {
    serviceId: id, name: service.name, slug: service.slug, tier: service.tier, environment: service.environment, owner: service.owner,
    ...card,
    lines: card.lines.toSorted(byUrgency),
    goal: policy.goal,
    evaluatedAt: now,
    changedAt: stored?.changedAt ?? now,
    weekAgo,
    isBadgePublic: isPublic,
    nextLevel: nextLevel(card, service.tier),
  };
}

/** What the score would be if these rules held, one after the other. Nothing is saved. Throws `invalid` for a rule the service does not have. */
export async function whatIf(ctx: Context, input: WhatIf): Promise<WhatIfAnswer> {
  const [card, { weights }] = [await getScorecard(ctx, input), await getPolicy(ctx)];
  const titles = new Map(card.lines.map((line) => [line.rule, line.title]));
  const stranger = input.rules.find((rule) => !titles.has(rule));
  if (stranger) throw new AppError("invalid", `The rule ${stranger} does not apply to ${card.name}.`);
  const supposed = (rules: readonly string[]) => scoreOf(supposeHeld(card.lines, new Set(rules)), weights, card.tier);
  const after = supposed(input.rules);
  const steps = input.rules.map((rule, index) => ({ rule, title: titles.get(rule) ?? rule, score: supposed(input.rules.slice(0, index + 1)).score }));
  return { before: card.score, after: after.score, levelBefore: card.level, levelAfter: levelOf(after.score, after.lines, card.tier), isCapped: after.isCapped, steps };
}

const LEVEL_RANK: Record<Level, number> = { none: 0, bronze: 1, silver: 2, gold: 3 };
/** A pipeline shows a handful of reasons; the rest stands on the page. */
const REASONS = 10;

/** Whether a service may go out, and every reason why not. */
export async function readGate(ctx: Context, input: Gate): Promise<GateAnswer> {
  const card = await getScorecard(ctx, input);
  const minScore = input.minScore ?? card.goal;
  const reasons: string[] = [];
  if (card.score < minScore) reasons.push(`The score is ${card.score}, ${minScore - card.score} below ${minScore}.`);
  if (input.level && LEVEL_RANK[card.level] < LEVEL_RANK[input.level]) reasons.push(`The level is ${card.level}, ${input.level} is asked.`);
  if (input.allowBlocking === "false") {
    for (const line of card.lines) {
      if (line.isBlocking && !line.isWaived && (line.outcome === "fail" || line.outcome === "unknown")) reasons.push(`Blocking: ${line.title}. Found: ${line.value}.`);
    }
  }
  return { passed: reasons.length === 0, score: card.score, level: card.level, minScore, reasons: reasons.slice(0, REASONS), evaluatedAt: card.evaluatedAt };
}

type RawRow = Omit<ScoreRow, "fail" | "unknown" | "stale" | "rules" | "waived" | "worst"> & { lines: KeptLine[]; sortKey: number; sortName: string };

function sortKey(sort: ListScores["sort"]): Prisma.Sql {
  switch (sort) {
    case "score":
      return Prisma.sql`r.score::float8`;
    case "name":
      return Prisma.sql`0::float8`;
    case "tier":
      return Prisma.sql`(s.tier * 1000 + r.score)::float8`;
    default:
      return sort satisfies never;
  }
}

const contains = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Services by their score, lowest first, as of the last evaluation. */
export async function listScores(ctx: Context, input: ListScores): Promise<z.infer<typeof ScorePage>> {
  const now = ctx.now();
  const after = decodeCursor(input.cursor, z.tuple([z.number(), z.string(), z.string()]));
  const conditions = [
    Prisma.sql`s.archived_at IS NULL`,
    ...(input.search ? [Prisma.sql`(s.name || ' ' || s.slug || ' ' || s.owner) ILIKE ${contains(input.search)}`] : []),
    ...(input.level ? [Prisma.sql`r.level = ${input.level}`] : []),
    ...(input.blocking ? [input.blocking === "true" ? Prisma.sql`r.blocking > 0` : Prisma.sql`r.blocking = 0`] : []),
  ];
  const beyond = after ? Prisma.sql`WHERE (k."sortKey", k."sortName", k."serviceId") > (${after[0]}::float8, ${after[1]}, ${after[2]})` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<RawRow[]>`
    WITH keyed AS (
      SELECT s.id AS "serviceId", s.name, s.slug, s.tier, s.environment, s.owner, r.score, r.earned, r.is_capped AS "isCapped", r.blocking, r.level, r.lines, r.evaluated_at AS "evaluatedAt",
        ${sortKey(input.sort)} AS "sortKey", lower(s.name) COLLATE "C" AS "sortName"
      FROM readiness_score r JOIN service s ON s.id = r.service_id WHERE ${Prisma.join(conditions, " AND ")}),
    page AS (SELECT * FROM keyed k ${beyond} ORDER BY k."sortKey", k."sortName", k."serviceId" LIMIT ${input.limit + 1})
    SELECT page.*, (SELECT p.score FROM readiness_point p WHERE p.service_id = page."serviceId" AND p.stated_by IS NULL AND p.at <= ${new Date(now.getTime() - WEEK_MS)} ORDER BY p.at DESC LIMIT 1) AS "weekAgo",
      ARRAY(SELECT (SELECT p.score FROM readiness_point p WHERE p.service_id = page."serviceId" AND p.stated_by IS NULL AND p.at <= d.day ORDER BY p.at DESC LIMIT 1)
        FROM generate_series(${new Date(now.getTime() - (TREND_DAYS - 1) * DAY_MS)}::timestamptz, ${now}::timestamptz, interval '1 day') AS d(day) ORDER BY d.day) AS trend
    FROM page ORDER BY page."sortKey", page."sortName", page."serviceId"`;
  const page = toPage(rows, input.limit, (row) => [row.sortKey, row.sortName, row.serviceId]);
  return { items: page.items.map(toScoreRow), nextCursor: page.nextCursor };
}

const isBehind = (line: KeptLine) => line.isBlocking && !line.isWaived && (line.outcome === "fail" || line.outcome === "unknown");

function toScoreRow({ lines, sortKey: _sortKey, sortName: _sortName, ...row }: RawRow): ScoreRow {
  const count = (outcome: KeptLine["outcome"]) => lines.filter((line) => line.outcome === outcome && !line.isWaived).length;
  const worst = lines.find(isBehind) ?? lines.find((line) => line.outcome === "fail" && !line.isWaived) ?? lines.find((line) => line.outcome !== "pass" && !line.isWaived);
  return { ...row, fail: count("fail"), unknown: count("unknown"), stale: count("stale"), rules: lines.length, waived: lines.filter(({ isWaived }) => isWaived).length, worst: worst?.title ?? null };
}

/** Every rule with what it weighs. */
export async function listRules(ctx: Context): Promise<z.infer<typeof RuleList>> {
  const { weights } = await getPolicy(ctx);
  const items = RULES.map(({ id, title, why, fix, category, severity, weight, isBlocking = false, freshForMs }) => ({ rule: id, title, why, fix, category, severity, weight, isBlocking, freshForMs }));
  return { items, weights };
}
