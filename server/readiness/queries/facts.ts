/** Loads the facts of services in bulk from the modules that own them: a fixed number of reads, however many services. */
import { readAccessFacts } from "../../access/queries/index.ts";
import { latestBackupFacts } from "../../backups/queries/index.ts";
import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { getSummary as getLimits, listExceptions, listWindows } from "../../limits/queries/index.ts";
import { latestCoverageFacts } from "../../coverage/queries/index.ts";
import { readLoadFacts } from "../../loadtests/queries/index.ts";
import { getSummary as getQueues } from "../../queues/queries/index.ts";
import { countOutdatedChecks, readServiceFacts } from "../../services/queries/index.ts";
import { listProcesses, readStatisticsState } from "../../telemetry/queries.ts";
import type { AnswerFacts, ConsoleFacts, Facts, Observation, ObservedKind } from "../facts.ts";
import type { Answer } from "../schema/index.ts";

/** How the console itself stands, from its own modules. */
export async function readConsoleFacts(ctx: Context): Promise<ConsoleFacts> {
  const access = await readAccessFacts(ctx);
  const queues = await getQueues(ctx, { range: "1h" });
  const windows = await listWindows(ctx);
  const limits = await getLimits(ctx);
  const { exemptions } = await listExceptions(ctx);
  const processes = await listProcesses(ctx);
  const statements = await readStatisticsState(ctx);
  const outdated = await countOutdatedChecks(ctx);
  const alive = processes.items.filter(({ isAlive }) => isAlive);
  const tiers = [...Map.groupBy(windows.items, ({ tier }) => tier)];
  return {
    at: ctx.now(),
    access,
    queues: { oldestWaitingMs: queues.oldestWaitingMs, oldestQueue: queues.oldestQueue, dead: queues.totals.dead, failedLastHour: queues.failedLastHour, completedLastHour: queues.completedLastHour, isStalled: queues.isStalled, workers: queues.workers },
    limits: {
      tiers: tiers.length,
      tiersWithoutFigure: tiers.filter(([, own]) => own.every(({ max }) => max <= 0)).map(([tier]) => tier),
      signInMax: windows.items.find(({ name }) => name === "auth")?.max ?? 0,
      exemptions: exemptions.length,
      store: limits.store,
    },
    telemetry: { statements, web: alive.filter(({ role }) => role === "web").length, worker: alive.filter(({ role }) => role === "worker").length },
    outdatedSecrets: outdated,
  };
}

/** Facts of the services in use, or of those named. */
export async function loadFacts(ctx: Context, only: readonly string[] | null = null): Promise<Facts[]> {
  const services = await readServiceFacts(ctx, only);
  const ids = services.map(({ id }) => id);
  if (ids.length === 0) return [];
  const where = { serviceId: { in: ids } };
  const [observations, adoptions, answers, loads, coverages, backups] = await Promise.all([
    ctx.db.readinessObservation.findMany({ where }),
    ctx.db.readinessAdoption.findMany({ where, select: { serviceId: true, list: true } }),
    ctx.db.readinessAnswer.findMany({ where }),
    readLoadFacts(ctx, ids),
    latestCoverageFacts(ctx, ids),
    latestBackupFacts(ctx, ids),
  ]);
  const observationsOf = Map.groupBy(observations, ({ serviceId }) => serviceId);
  const listsOf = Map.groupBy(adoptions, ({ serviceId }) => serviceId);
  const answersOf = Map.groupBy(answers, ({ serviceId }) => serviceId);
  const backupsOf = Map.groupBy(backups, ({ serviceId }) => serviceId);
  const coverageOf = new Map(coverages.map((facts) => [facts.serviceId, facts]));
  const own = services.some(({ isSelf }) => isSelf) ? await readConsoleFacts(ctx) : null;
  return services.map((service): Facts => ({
    service,
    observed: Object.fromEntries((observationsOf.get(service.id) ?? []).map((row): [ObservedKind, Observation] => [row.kind as ObservedKind, { ...row, kind: row.kind as ObservedKind, detail: row.detail as Record<string, string> }])),
    load: loads.get(service.id) ?? null,
    coverage: coverageOf.get(service.id) ?? null,
    backups: backupsOf.get(service.id) ?? [],
    lists: (listsOf.get(service.id) ?? []).map(({ list }) => list),
    answers: new Map((answersOf.get(service.id) ?? []).map((row): [string, AnswerFacts] => [row.item, { ...row, answer: row.answer as Answer }])),
    console: service.isSelf ? own : null,
  }));
}

/** Readings that are written just before their transaction commits may be dated a little earlier. */
export const OVERLAP_MS = 10 * SECOND_MS;
