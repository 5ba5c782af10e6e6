/**
 * Evaluation: judges services from their facts and writes down what changed. One evaluation runs at a time in the whole
 * installation, so that "before" is always what the last one wrote, whatever clocks do. What did not change is not written.
 */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction, Prisma } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import type { Facts } from "../facts.ts";
import { changesBetween, fingerprintOf, type Change, type Kept, type KeptLine } from "../history.ts";
import type { JudgedLine } from "../judge.ts";
import { getPolicy, loadFacts, readWaived, titleOfRule } from "../queries/index.ts";
import { RULES } from "../rules/registry.ts";
import { fleetScore, type Line, type Scored } from "../schema/index.ts";
import { byUrgency, scoreService } from "../scorecard.ts";

/** Services judged under one lock: half a second's work, so that a person who asks for one does not wait long. */
const CHUNK = 100;
/** Changes of one service that are told at once; a new version of the rules changes many. */
const MOST_CHANGES = 40;

export type Evaluated = { services: number; changed: number };

type Judged = { facts: Facts; card: Scored<JudgedLine>; kept: Kept; fingerprint: string };

function keep(card: Scored<JudgedLine>): Kept {
  const lines = (card.lines as Line[]).toSorted(byUrgency).map(({ rule, title, outcome, earned, isWaived, severity, isBlocking }): KeptLine => ({ rule, title, outcome, earned, isWaived, severity, isBlocking }));
  return { score: card.score, earned: card.earned, isCapped: card.isCapped, lines };
}

async function judge(ctx: Context, ids: readonly string[]): Promise<Judged[]> {
  const [facts, policy, waived] = [await loadFacts(ctx, ids), await getPolicy(ctx), await readWaived(ctx, ids)];
  const now = ctx.now();
  const broken = new Set<string>();
  const judged = facts.map((own): Judged => {
    const card = scoreService(own, {
      rules: RULES, weights: policy.weights, waived: waived.get(own.service.id) ?? new Set(), now,
      onBroken: (rule, error) => {
        if (!broken.has(rule)) ctx.log.error({ err: error, rule, service: own.service.id }, "a readiness rule threw");
        broken.add(rule);
      },
    });
    const kept = keep(card);
    return { facts: own, card, kept, fingerprint: fingerprintOf(kept) };
  });
  return judged;
}

/** Waivers whose time is over are ended for good, each with its audit row, and the rule counts again. */
async function endWaivers(ctx: Context, ids: readonly string[]): Promise<void> {
  const over = await ctx.db.readinessWaiver.findMany({ where: { serviceId: { in: [...ids] }, state: { in: ["asked", "approved"] }, endedAt: null, expiresAt: { lte: ctx.now() } } });
  for (const waiver of over) {
    const { count } = await ctx.db.readinessWaiver.updateMany({ where: { id: waiver.id, endedAt: null }, data: { endedAt: ctx.now() } });
    if (count === 0) continue;
    await audit(ctx, { action: "readiness.endWaiver", target: { kind: "waiver", id: waiver.id }, summary: `The waiver of “${titleOfRule(waiver.rule)}” ended`, before: { state: waiver.state, expiresAt: waiver.expiresAt } });
  }
}

async function writeScores(ctx: Context, judged: readonly Judged[]): Promise<void> {
  const rows = judged.map(({ facts, card, kept, fingerprint }) => ({ id: facts.service.id, score: card.score, earned: card.earned, capped: card.isCapped, blocking: card.blocking, level: card.level, lines: kept.lines, fingerprint }));
  await ctx.db.$executeRaw`
    INSERT INTO readiness_score (service_id, score, earned, is_capped, blocking, level, lines, fingerprint, evaluated_at, changed_at)
    SELECT n.id, n.score, n.earned, n.capped, n.blocking, n.level, n.lines, n.fingerprint, ${ctx.now()}, ${ctx.now()}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n(id text, score int, earned float8, capped boolean, blocking int, level text, lines jsonb, fingerprint text)
    JOIN service s ON s.id = n.id
    ON CONFLICT (service_id) DO UPDATE SET score = excluded.score, earned = excluded.earned, is_capped = excluded.is_capped, blocking = excluded.blocking, level = excluded.level,
      lines = excluded.lines, fingerprint = excluded.fingerprint, evaluated_at = excluded.evaluated_at, changed_at = excluded.changed_at`;
}

async function writePast(ctx: Context, judged: readonly Judged[], before: ReadonlyMap<string, Kept>): Promise<void> {
  const at = ctx.now();
  const changes = judged.flatMap(({ facts, card, kept }) => {
    const was = before.get(facts.service.id);
    if (!was) return [];
    const lines = new Map(card.lines.map((line) => [line.rule, line]));
    return changesBetween(was, kept, (rule) => lines.get(rule)?.value ?? "").slice(0, MOST_CHANGES).map((change: Change) => ({ at, serviceId: facts.service.id, ...change }));
  });
  const points = judged.filter(({ facts, card }) => before.get(facts.service.id)?.score !== card.score).map(({ facts, card }) => ({ serviceId: facts.service.id, at, score: card.score, earned: card.earned }));
  if (changes.length > 0) await ctx.db.readinessChange.createMany({ data: changes });
  if (points.length > 0) await ctx.db.readinessPoint.createMany({ data: points });
}

/** A point of all services together, when their common score moved. */
async function writeFleetPoint(ctx: Context): Promise<void> {
  const [rows, last] = await Promise.all([
    ctx.db.$queryRaw<{ earned: number; blocking: number; tier: number }[]>`
      SELECT r.earned, r.blocking, s.tier FROM readiness_score r JOIN service s ON s.id = r.service_id WHERE s.archived_at IS NULL`,
    ctx.db.readinessPoint.findFirst({ where: { serviceId: null, statedBy: null }, orderBy: { id: "desc" }, select: { score: true } }),
  ]);
  const fleet = fleetScore(rows);
  if (!fleet || fleet.score === last?.score) return;
  await ctx.db.readinessPoint.create({ data: { serviceId: null, at: ctx.now(), score: fleet.score, earned: fleet.earned } });
}

async function evaluateChunk(ctx: Context, ids: readonly string[], isLast: boolean): Promise<Evaluated> {
  return inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('readiness.evaluate'))`;
    await endWaivers(tx, ids);
    const judged = await judge(tx, ids);
    const stored = await tx.db.readinessScore.findMany({ where: { serviceId: { in: [...ids] } } });
    const known = new Map(stored.map((row) => [row.serviceId, row]));
    const changed = judged.filter(({ facts, fingerprint }) => known.get(facts.service.id)?.fingerprint !== fingerprint);
    const same = judged.filter(({ facts, fingerprint }) => known.get(facts.service.id)?.fingerprint === fingerprint).map(({ facts }) => facts.service.id);
    if (same.length > 0) await tx.db.$executeRaw(Prisma.sql`UPDATE readiness_score SET evaluated_at = ${tx.now()} WHERE service_id = ANY(${same})`);
    if (changed.length > 0) {
      const before = new Map(stored.map((row): [string, Kept] => [row.serviceId, { score: row.score, earned: row.earned, isCapped: row.isCapped, lines: row.lines as unknown as KeptLine[] }]));
      await writeScores(tx, changed);
      await writePast(tx, changed, before);
      await announce(tx, { topic: "readiness", ...(changed.length === 1 && changed[0] ? { id: changed[0].facts.service.id } : {}) });
    }
    // One service that stayed as it was cannot move the common score; a full round also sees what was added or archived.
    if (changed.length > 0 || isLast) await writeFleetPoint(tx);
    return { services: judged.length, changed: changed.length };
  });
}

/** Judges the services named, or all in use, and writes what changed. */
export async function evaluate(ctx: Context, only: readonly string[] | null = null): Promise<Evaluated> {
  const ids = only ?? (await ctx.db.service.findMany({ where: { archivedAt: null }, select: { id: true }, orderBy: { id: "asc" } })).map(({ id }) => id);
  const sum: Evaluated = { services: 0, changed: 0 };
  for (let i = 0; i < ids.length; i += CHUNK) {
    ctx.signal?.throwIfAborted();
    const part = await evaluateChunk(ctx, ids.slice(i, i + CHUNK), only === null && i + CHUNK >= ids.length);
    sum.services += part.services;
    sum.changed += part.changed;
  }
  return sum;
}
