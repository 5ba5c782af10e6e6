/**
 * Demo data of backups: the payments database of Northpier, backed up four times a day into a folder and a bucket, with six
 * weeks of runs and nightly drills, two failures and a suspect. The rows tell a story; no archive lies behind them. Does
 * nothing when the plan is there.
 */
import path from "node:path";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../server/platform/clock.ts";
import { config } from "../../server/platform/config.ts";
import type { Context } from "../../server/platform/context.ts";
import { nextRuns } from "../../server/platform/cron.ts";
import type { Prisma } from "../../server/platform/db.ts";
import { newId } from "../../server/platform/ids.ts";
import { DrillRules } from "../../server/backups/schema/drill-rules.ts";
import { RetentionPolicy } from "../../server/backups/schema/retention-policy.ts";
import { sealSource, sealStore } from "../../server/backups/secrets.ts";

const SLUG = "payments-db";
const SCHEDULE = { line: "0 2,8,14,20 * * *", zone: "UTC" };
const DAYS = 42;
const RUN_SECONDS = 56;
const GIB = 1_073_741_824;
const FIRST_BYTES = 1.52 * GIB;
/** Growth of one run over the one before. */
const GROWTH = 0.0015;
const FIRST_ROWS = 46_410_286;
const ROWS_A_RUN = 11_200;
/** Days before now on which something went wrong. */
const FAILED = [{ day: 32, hour: 8 }, { day: 18, hour: 14 }];
const SUSPECT = { day: 18, hour: 20 };

type Place = { planId: string; local: string; bucket: string };
type Made = { id: string; at: Date; index: number; state: "stored" | "failed"; isSuspect: boolean; bytes: number; rows: number };

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

async function addPlan(ctx: Context): Promise<Place> {
  const now = ctx.now();
  const startedAt = new Date(now.getTime() - (DAYS + 3) * DAY_MS);
  const [planId, local, bucket] = [newId("pln", startedAt), newId("sto", startedAt), newId("sto", startedAt)];
  const folder = path.join(path.resolve(config().SEAWORTHY_DATA_DIR), "demo-backups");
  const s3 = { kind: "s3" as const, endpoint: "https://s3.eu-north-1.northpier.dev", region: "eu-north-1", bucket: "northpier-backups", prefix: "payments", accessKeyId: "DEMO", secretAccessKey: "demo", pathStyle: true };
  await ctx.db.backupStore.createMany({
    data: [
      { id: local, name: "Rack 2, /backups", kind: "local", config: asJson(sealStore({ kind: "local", folder })), label: folder, checkedAt: now, freeBytes: BigInt(412 * GIB), createdAt: startedAt, updatedAt: startedAt },
      { id: bucket, name: "S3 eu-north-1", kind: "s3", config: asJson(sealStore(s3)), label: "s3.eu-north-1.northpier.dev/northpier-backups/payments", checkedAt: now, isVersioned: true, createdAt: startedAt, updatedAt: startedAt },
    ],
  });
  const drill = DrillRules.parse({ everyNth: null, cron: "5 2 * * *", assertions: [{ name: "Payments of the last day are there", sql: "SELECT max(created_at) > now() - interval '1 day' FROM payments" }] });
  const service = await ctx.db.service.findUnique({ where: { slug: "payments-api" }, select: { id: true } });
  await ctx.db.backupPlan.create({
    data: {
      id: planId, name: SLUG, slug: SLUG, serviceId: service?.id ?? null, source: asJson(sealSource({ kind: "postgres", url: "postgresql://backup:demo@payments-primary.northpier.dev:5432/payments" })), sourceKind: "postgres", sourceLabel: "payments-primary.northpier.dev:5432/payments",
      cron: SCHEDULE.line, timeZone: SCHEDULE.zone, nextRunAt: nextRuns(SCHEDULE, now, 1)[0] ?? null, rpoMinutes: 360, rtoMinutes: 15, drill: asJson(drill), nextDrillAt: nextRuns({ line: "5 2 * * *", zone: "UTC" }, now, 1)[0] ?? null,
      hooks: [], sourceVersion: "17.2", checkedAt: now, createdAt: startedAt, updatedAt: startedAt,
      stores: { create: [{ storeId: local, retention: asJson(RetentionPolicy.parse({ withinDays: 14, keepLast: 7, weekly: 6 })) }, { storeId: bucket, retention: asJson(RetentionPolicy.parse({ withinDays: 90, monthly: 12 })) }] },
    },
  });
  return { planId, local, bucket };
}

function* occurrences(now: Date): Generator<Date> {
  const runs = nextRuns(SCHEDULE, new Date(now.getTime() - DAYS * DAY_MS), DAYS * 4);
  for (const at of runs) if (at <= now) yield at;
}

const isOn = (at: Date, now: Date, { day, hour }: { day: number; hour: number }) => Math.floor((now.getTime() - at.getTime()) / DAY_MS) === day && at.getUTCHours() === hour;

function makeRuns(now: Date): Made[] {
  return [...occurrences(now)].map((at, index) => {
    const isFailed = FAILED.some((when) => isOn(at, now, when));
    const isSuspect = !isFailed && isOn(at, now, SUSPECT);
    const bytes = Math.round(FIRST_BYTES * (1 + GROWTH) ** index * (isSuspect ? 0.74 : 1));
    return { id: newId("run", at), at, index, state: isFailed ? "failed" : "stored", isSuspect, bytes, rows: FIRST_ROWS + index * ROWS_A_RUN };
  });
}

const contentOf = (rows: number) => ({
  kind: "database", database: "payments", consistency: "exact", encoding: "UTF8", collation: "en_US.UTF-8",
  tables: [["ledger_entries", 0.62], ["payments", 0.21], ["refunds", 0.04], ["customers", 0.08], ["webhooks", 0.05]].map(([name, share]) => ({ schema: "public", name, rows: Math.round(rows * Number(share)), bytes: Math.round(rows * Number(share) * 140), hash: { method: "full", every: 1, rows: Math.round(rows * Number(share)), sum: "0" } })),
  sequences: [{ schema: "public", name: "payments_id_seq", lastValue: String(rows) }], largeObjects: { count: 0, sum: "0" }, extensions: [{ name: "plpgsql", version: "1.0" }, { name: "pgcrypto", version: "1.3" }], objects: { views: 4, functions: 12, triggers: 6, indexes: 31 },
});

function runRow(place: Place, run: Made): Prisma.BackupRunCreateManyInput {
  const startedAt = new Date(run.at.getTime() + 2 * SECOND_MS);
  const seconds = run.state === "failed" ? 12 : RUN_SECONDS + (run.index % 9) + run.index * 0.1 + (run.index % 61 === 40 ? 35 : 0);
  const ended = { startedAt, finishedAt: new Date(startedAt.getTime() + seconds * SECOND_MS) };
  const common = { id: run.id, planId: place.planId, trigger: "scheduled", occurrenceAt: run.at, requestedBy: "backups.watch", requestedAt: run.at, ...ended };
  if (run.state === "failed") return { ...common, state: "failed", problem: "payments-primary.northpier.dev:5432: connection refused.", problemCode: "unavailable" };
  const suspicions = run.isSuspect ? [{ code: "size", message: "It is 26 % smaller than the median of the last 10 backups." }] : [];
  return { ...common, state: "stored", engine: "pg-dump", engineReason: "The PostgreSQL client here (17) fits the server (17).", sourceVersion: "17.2", dataAsOf: startedAt, plainBytes: run.bytes * 4, bytes: run.bytes, cipher: "aes-256-gcm", keyId: "k1", content: asJson(contentOf(run.rows)), suspicions: asJson(suspicions) };
}

async function addRuns(ctx: Context, place: Place, runs: readonly Made[]): Promise<void> {
  await ctx.db.backupRun.createMany({ data: runs.map((run) => runRow(place, run)) });
  const copy = (run: Made, storeId: string): Prisma.BackupCopyCreateManyInput => {
    // Without names of objects: nothing lies in the stores, and nobody is to miss it there.
    return { runId: run.id, storeId, state: "stored", bytes: run.bytes, storedAt: new Date(run.at.getTime() + MINUTE_MS) };
  };
  const stored = runs.filter(({ state }) => state === "stored");
  const isRecent = ({ at }: Made) => ctx.now().getTime() - at.getTime() < 20 * DAY_MS;
  await ctx.db.backupCopy.createMany({ data: [...stored.map((run) => copy(run, place.bucket)), ...stored.filter(isRecent).map((run) => copy(run, place.local))] });
}

/** A drill of each night's run, one of the newest, and one that found the suspect wanting. */
async function addDrills(ctx: Context, place: Place, runs: readonly Made[]): Promise<void> {
  const stored = runs.filter(({ state }) => state === "stored");
  const newest = stored.at(-1);
  const drilled = stored.filter((run) => (run.at.getUTCHours() === 2) || run === newest || run.isSuspect);
  for (const run of drilled) {
    const startedAt = new Date(run.at.getTime() + 5 * MINUTE_MS);
    const seconds = Math.round(37 + run.index * 0.025);
    const isPassed = !run.isSuspect;
    await ctx.db.backupDrill.create({
      data: {
        id: newId("drl", startedAt), planId: place.planId, runId: run.id, storeId: place.bucket, trigger: "scheduled", state: isPassed ? "passed" : "failed", requestedBy: "backups.watch", requestedAt: startedAt, startedAt, finishedAt: new Date(startedAt.getTime() + (seconds + 19) * SECOND_MS),
        restoreSeconds: isPassed ? seconds : null, dataAgeSeconds: 300, comparedRows: isPassed ? BigInt(run.rows) : null, comparedTables: isPassed ? 5 : null,
        problem: isPassed ? null : "The restored copy is not what the manifest says: public.ledger_entries lacks 12 rows.",
        assertions: isPassed ? [{ name: "Payments of the last day are there", sql: "SELECT max(created_at) > now() - interval '1 day' FROM payments", isTrue: true, problem: null }] : [],
      },
    });
    await ctx.db.backupRun.update({ where: { id: run.id }, data: isPassed ? { verifiedAt: startedAt } : { refutedAt: startedAt } });
  }
}

/** Adds the demo plan. Returns how many runs were made; 0 when it is there already. */
export async function seedBackups(ctx: Context): Promise<number> {
  if (await ctx.db.backupPlan.findUnique({ where: { slug: SLUG }, select: { id: true } })) return 0;
  const place = await addPlan(ctx);
  const runs = makeRuns(ctx.now());
  await addRuns(ctx, place, runs);
  await addDrills(ctx, place, runs);
  return runs.length;
}
