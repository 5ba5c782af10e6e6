/** Changes: runs come in, runs become baselines, rules change, runs go. */
import { Counter } from "prom-client";
import { audit } from "../../platform/audit.ts";
import { DAY_MS } from "../../platform/clock.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { instruments } from "../../platform/metrics/registry.ts";
import { findService } from "../../services/queries/index.ts";
import { guessProfile, judgeRun } from "../judge.ts";
import { getRules, getRun, rulesOf } from "../queries/index.ts";
import type { PushedRun, PushRun, RulesState, RunDetail, UpdateRules } from "../schema.ts";
import { reportUpload } from "../upload.ts";

function countRun(format: string, verdict: string): void {
  const { registry } = instruments();
  const name = "loadtest_runs_total";
  const known = registry.getSingleMetric(name) as Counter<"format" | "verdict"> | undefined;
  (known ?? new Counter({ name, help: "Load tests received, by format and verdict.", labelNames: ["format", "verdict"], registers: [registry] })).inc({ format, verdict });
}

/** Keeps a run with its verdict. The very same report of one scenario and profile is kept once, however often it comes. */
export async function pushRun(ctx: Context, input: PushRun): Promise<PushedRun> {
  const { content: parsed, sha256: digest } = reportUpload.of(ctx);
  const service = await findService(ctx, input.service);
  if (service.archivedAt) throw new AppError("precondition", `${service.name} is archived. Restore it before you push.`);
  const profile = input.profile ?? guessProfile(parsed.figures);
  const { verdict, reasons } = judgeRun(parsed, profile, (await rulesOf(ctx, [service.id]))(service.id));
  const key = { serviceId: service.id, scenario: input.scenario, profile, digest };
  const pushed = await inTransaction(ctx, async (tx): Promise<PushedRun> => {
    const now = tx.now();
    const id = newId("ltr", now);
    const { format, figures, thresholds, metrics, omittedMetrics, points } = parsed;
    const row = { id, ...key, format, commit: input.commit?.toLowerCase() ?? null, branch: input.branch ?? null, verdict, reasons, figures, thresholds, metrics, omittedMetrics, points, receivedAt: now, receivedFrom: actorLabel(tx.actor) };
    const { count } = await tx.db.loadRun.createMany({ data: [row], skipDuplicates: true });
    if (count === 0) {
      const known = await tx.db.loadRun.findUniqueOrThrow({ where: { serviceId_scenario_profile_digest: key }, select: { id: true } });
      return { run: await getRun(tx, known), isNew: false };
    }
    await audit(tx, { action: "loadtests.push", target: { kind: "loadRun", id }, summary: `Received a load test of ${service.name}: ${input.scenario}, ${profile}, ${verdict}`, after: { scenario: input.scenario, profile, verdict, format, commit: input.commit, branch: input.branch } });
    await announce(tx, { topic: "loadtests", id });
    return { run: await getRun(tx, { id }), isNew: true };
  });
  if (pushed.isNew) countRun(parsed.format, verdict);
  return pushed;
}

/** Makes a run the baseline of its scenario and profile. Throws `precondition` for a run that did not pass. */
export async function promoteRun(ctx: Context, input: { id: string }): Promise<RunDetail> {
  return inTransaction(ctx, async (tx) => {
    const run = await getRun(tx, input);
    if (run.verdict !== "passed") throw new AppError("precondition", "Only a run that passed can be a baseline.");
    if (run.isBaseline) throw new AppError("conflict", "This run is the baseline already.");
    const key = { serviceId: run.serviceId, scenario: run.scenario, profile: run.profile };
    const before = await tx.db.loadBaseline.findUnique({ where: { serviceId_scenario_profile: key } });
    const data = { runId: run.id, promotedAt: tx.now(), promotedBy: actorLabel(tx.actor) };
    await tx.db.loadBaseline.upsert({ where: { serviceId_scenario_profile: key }, create: { ...key, ...data }, update: data });
    await audit(tx, { action: "loadtests.promote", target: { kind: "loadRun", id: run.id }, summary: `Promoted a run of ${run.serviceName} to the baseline of ${run.scenario}, ${run.profile}`, before: { runId: before?.runId ?? null }, after: { runId: run.id } });
    await announce(tx, { topic: "loadtests", id: run.id });
    return getRun(tx, input);
  });
}

/** Removes a run. Throws `precondition` for a baseline: another run must take its place first. */
export async function removeRun(ctx: Context, input: { id: string }): Promise<{ ok: true }> {
  return inTransaction(ctx, async (tx) => {
    const run = await getRun(tx, input);
    if (run.isBaseline) throw new AppError("precondition", "This run is a baseline. Promote another one first.");
    const { count } = await tx.db.loadRun.deleteMany({ where: { id: run.id } });
    if (count === 0) throw new AppError("conflict", "This run was removed already.");
    const { figures, scenario, profile, verdict } = run;
    await audit(tx, { action: "loadtests.remove", target: { kind: "loadRun", id: run.id }, summary: `Removed a run of ${run.serviceName}: ${scenario}, ${profile}`, before: { scenario, profile, verdict, figures } });
    await announce(tx, { topic: "loadtests" });
    return { ok: true };
  });
}

/** Changes how the runs of a service are judged from now on. Verdicts that were given stay. Throws `conflict`. */
export async function updateRules(ctx: Context, input: UpdateRules): Promise<RulesState> {
  return inTransaction(ctx, async (tx) => {
    const before = await getRules(tx, input);
    const data = { rules: input.rules, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    const { count } = input.revision === 0
      ? await tx.db.loadRules.createMany({ data: [{ serviceId: before.serviceId, ...data }], skipDuplicates: true })
      : await tx.db.loadRules.updateMany({ where: { serviceId: before.serviceId, revision: input.revision }, data: { ...data, revision: { increment: 1 } } });
    if (count === 0) throw new AppError("conflict", "Somebody else changed these rules meanwhile. Nothing was saved; reload and try again.");
    await audit(tx, { action: "loadtests.updateRules", target: { kind: "service", id: before.serviceId }, summary: "Changed how load tests are judged", before: before.rules, after: input.rules });
    await announce(tx, { topic: "loadtests" });
    return getRules(tx, input);
  });
}

/** A year and a month, so that a run can be held against that of a year ago. */
const KEPT_MS = 400 * DAY_MS;

/** Forgets old runs; baselines and the newest run of each scenario stay. Returns how many went. */
export async function pruneRuns(ctx: Context): Promise<number> {
  return ctx.db.$executeRaw`
    DELETE FROM load_run r WHERE r.received_at < ${new Date(ctx.now().getTime() - KEPT_MS)}
      AND NOT EXISTS (SELECT FROM load_baseline b WHERE b.run_id = r.id)
      AND EXISTS (SELECT FROM load_run n WHERE n.service_id = r.service_id AND n.scenario = r.scenario AND n.profile = r.profile AND n.received_at > r.received_at)`;
}
