/** Scenarios with their newest run beside the baseline, the gate over them, and how everything stands. */
import * as z from "zod";
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import { compareFigures } from "../compare.ts";
import { provenUsers } from "../judge.ts";
import type { Figures, Gate, GateAnswer, ListScenarios, LoadSummary, Profile, RunRow, ScenarioPage, ScenarioRow } from "../schema.ts";
import { ROW_SELECT, rulesOf, toRunRow } from "./rows.ts";

/** Runs whose p95 make the sparkline of a scenario. */
const SPARK_RUNS = 20;
/** A passed profile counts for half a year. */
export const PROVEN_MS = 182 * DAY_MS;
const NEWEST = 5;

type Head = { serviceId: string; scenario: string; profile: string; runId: string; runs: number; p95s: (number | null)[]; baseId: string | null; serviceName: string };

/** The newest run of every scenario and profile, of services in use. */
function heads(ctx: Context, where: Prisma.Sql, limit: number): Promise<Head[]> {
  return ctx.db.$queryRaw<Head[]>`
    SELECT h.service_id AS "serviceId", s.name AS "serviceName", h.scenario, h.profile, h.run_id AS "runId", h.runs::int AS runs, b.run_id AS "baseId",
      ARRAY(SELECT x.p95 FROM (SELECT (r.figures->>'p95')::float8 AS p95, r.received_at, r.id FROM load_run r WHERE r.service_id = h.service_id AND r.scenario = h.scenario AND r.profile = h.profile
        ORDER BY r.received_at DESC, r.id DESC LIMIT ${SPARK_RUNS}) AS x ORDER BY x.received_at, x.id) AS p95s
    FROM (SELECT service_id, scenario, profile, count(*) AS runs, (array_agg(id ORDER BY received_at DESC, id DESC))[1] AS run_id FROM load_run GROUP BY 1, 2, 3) AS h
    JOIN service s ON s.id = h.service_id LEFT JOIN load_baseline b ON b.service_id = h.service_id AND b.scenario = h.scenario AND b.profile = h.profile
    WHERE s.archived_at IS NULL AND ${where} ORDER BY lower(s.name), h.service_id, h.scenario, h.profile LIMIT ${limit}`;
}

async function toScenarios(ctx: Context, rows: readonly Head[]): Promise<ScenarioRow[]> {
  const ids = rows.flatMap(({ runId, baseId }) => (baseId ? [runId, baseId] : [runId]));
  const [runs, rules] = await Promise.all([ctx.db.loadRun.findMany({ where: { id: { in: ids } }, select: ROW_SELECT }), rulesOf(ctx, rows.map(({ serviceId }) => serviceId))]);
  const of = new Map(runs.map((run) => [run.id, run]));
  const baselines = new Set(rows.flatMap(({ baseId }) => baseId ?? []));
  return rows.flatMap((row): ScenarioRow[] => {
    const run = of.get(row.runId);
    if (!run) return [];
    const latest = toRunRow(run, baselines);
    const base = row.baseId ? of.get(row.baseId) : undefined;
    const isRegression = base !== undefined && base.id !== run.id && compareFigures(base.figures as Figures, latest.figures, rules(row.serviceId)).isRegression;
    return [{ serviceId: row.serviceId, serviceName: latest.serviceName, slug: latest.slug, scenario: row.scenario, profile: row.profile as Profile, runs: row.runs, latest, p95s: row.p95s, hasBaseline: base !== undefined, isRegression }];
  });
}

const contains = (text: string) => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** Scenarios by service. */
export async function listScenarios(ctx: Context, input: ListScenarios): Promise<z.infer<typeof ScenarioPage>> {
  const service = input.service ? await findService(ctx, input.service) : null;
  const after = decodeCursor(input.cursor, z.tuple([z.string(), z.string(), z.string(), z.string()]));
  const where = [
    Prisma.sql`true`,
    ...(service ? [Prisma.sql`h.service_id = ${service.id}`] : []),
    ...(input.search ? [Prisma.sql`(s.name || ' ' || h.scenario || ' ' || h.profile) ILIKE ${contains(input.search)}`] : []),
    ...(after ? [Prisma.sql`(lower(s.name), h.service_id, h.scenario, h.profile) > (${after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`] : []),
  ];
  const rows = await heads(ctx, Prisma.join(where, " AND "), input.limit + 1);
  const page = toPage(rows, input.limit, (row) => [row.serviceName.toLowerCase(), row.serviceId, row.scenario, row.profile]);
  return { items: await toScenarios(ctx, page.items), nextCursor: page.nextCursor };
}

/** More scenarios of one service than anybody keeps apart. */
const MOST_SCENARIOS = 500;

/** Whether the newest runs of a service hold: each passed, none a regression; no run at all is a refusal. */
export async function readGate(ctx: Context, input: Gate): Promise<GateAnswer> {
  const service = await findService(ctx, input.service);
  const where = [Prisma.sql`h.service_id = ${service.id}`, ...(input.scenario ? [Prisma.sql`h.scenario = ${input.scenario}`] : []), ...(input.profile ? [Prisma.sql`h.profile = ${input.profile}`] : [])];
  const all = await toScenarios(ctx, await heads(ctx, Prisma.join(where, " AND "), MOST_SCENARIOS));
  const wanted = input.commit?.toLowerCase();
  const rows = wanted ? all.filter(({ latest }) => latest.commit?.toLowerCase().startsWith(wanted)) : all;
  const reasons = rows.flatMap(({ latest, isRegression, scenario, profile }) => [
    ...(latest.verdict === "passed" ? [] : latest.reasons.map((reason) => `${scenario}, ${profile}: ${reason}`)),
    ...(isRegression ? [`${scenario}, ${profile}: worse than its baseline.`] : []),
  ]);
  if (rows.length === 0) reasons.push(input.commit ? `No load test of commit ${input.commit.slice(0, 12)} was pushed.` : "No load test was pushed.");
  return { passed: reasons.length === 0, reasons, runs: rows.map(({ latest, isRegression }) => ({ id: latest.id, scenario: latest.scenario, profile: latest.profile, verdict: latest.verdict, isRegression })) };
}

async function highestPassed(ctx: Context): Promise<LoadSummary["highest"]> {
  const rows = await ctx.db.loadRun.findMany({ where: { verdict: "passed", receivedAt: { gt: new Date(ctx.now().getTime() - PROVEN_MS) }, service: { archivedAt: null } }, select: { id: true, profile: true, figures: true, receivedAt: true, service: { select: { name: true } } }, orderBy: { receivedAt: "desc" }, distinct: ["serviceId", "profile"] });
  const proven = rows.map((row) => ({ profile: row.profile as Profile, users: provenUsers(row.profile as Profile, (row.figures as Figures).users), serviceName: row.service.name, runId: row.id, at: row.receivedAt }));
  return proven.toSorted((a, b) => b.users - a.users || b.at.getTime() - a.at.getTime())[0] ?? null;
}

/** How load tests stand: scenarios by their newest run, regressions, and the most that anything proved. */
export async function readSummary(ctx: Context): Promise<LoadSummary> {
  const [scenarios, runs, services, highest, newest] = await Promise.all([
    heads(ctx, Prisma.sql`true`, MOST_SCENARIOS).then((rows) => toScenarios(ctx, rows)),
    ctx.db.loadRun.count(),
    ctx.db.service.count({ where: { archivedAt: null } }),
    highestPassed(ctx),
    ctx.db.loadRun.findMany({ select: ROW_SELECT, orderBy: { id: "desc" }, take: NEWEST, where: { service: { archivedAt: null } } }),
  ]);
  const baselines = new Set(scenarios.filter(({ latest }) => latest.isBaseline).map(({ latest }) => latest.id));
  const items = newest.map((run): RunRow => toRunRow(run, baselines));
  return {
    runs,
    services: new Set(scenarios.map(({ serviceId }) => serviceId)).size,
    servicesInAll: services,
    passed: scenarios.filter(({ latest }) => latest.verdict === "passed").length,
    failed: scenarios.filter(({ latest }) => latest.verdict !== "passed").length,
    regressions: scenarios.filter(({ isRegression }) => isRegression).length,
    highest,
    newest: items,
    lastAt: items[0]?.receivedAt ?? null,
  };
}


