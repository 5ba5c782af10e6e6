/**
 * The pg-boss instances. pg-boss is loaded on first use, because it costs 20 MB that a process without jobs need not
 * pay. It runs its statements on the pool it is given and owns no connection.
 */
import type { Db as BossDb, PgBoss } from "pg-boss";
import type pg from "pg";
import type { Logger } from "../logger.ts";
import { QUEUE_SCHEMA, type QueueTiming } from "./policy.ts";
import { MEASURE_CLOCK_SECONDS, steadyClock } from "./steady-clock.ts";

/** Deleting what is past its time may wait; it is only about space. */
const MAINTENANCE_SECONDS = 300;
const MAX_CRON_WORKER_SECONDS = 5;

/** Lets pg-boss use a pool of ours. */
export function onPool(pool: pg.Pool): BossDb {
  return { executeSql: (text, values) => pool.query(text, values) };
}

/** The instance of a worker: supervises, cleans and keeps the clock. Not yet started. */
export async function workerBoss(pool: pg.Pool, timing: QueueTiming, log: Logger): Promise<PgBoss> {
  const { PgBoss } = await import("pg-boss");
  const clock = steadyClock();
  const boss = new PgBoss({
    db: onPool(pool),
    clock,
    clockMonitorIntervalSeconds: MEASURE_CLOCK_SECONDS,
    schema: QUEUE_SCHEMA,
    supervise: true,
    superviseIntervalSeconds: timing.superviseSeconds,
    monitorIntervalSeconds: timing.superviseSeconds,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    schedule: true,
    cronMonitorIntervalSeconds: timing.cronSeconds,
    cronWorkerIntervalSeconds: Math.min(timing.cronSeconds, MAX_CRON_WORKER_SECONDS),
  });
  boss.on("error", (error) => log.warn({ err: error }, "queue trouble, will try again"));
  boss.on("warning", ({ message }) => {
    // The distance is our clock's, which does not follow when the machine's is set.
    if (/clock skew/i.test(message) && clock.isApart()) return;
    log.warn({ warning: message }, "queue warning");
  });
  return boss;
}

/** Every queue of ours looks like this to a sender, so it asks the database nothing before it inserts. */
const SENDER_VIEW = { table: "job_common", policy: "exclusive", notify: true };

const holder = globalThis as { seaworthySender?: Promise<PgBoss> };

async function openSender(): Promise<PgBoss> {
  const { PgBoss } = await import("pg-boss");
  const view: BossDb = { executeSql: () => Promise.resolve({ rows: [SENDER_VIEW] }) };
  return new PgBoss({ db: view, schema: QUEUE_SCHEMA, supervise: false, schedule: false, migrate: false });
}

/** The instance that only inserts, on the connection passed with each job. Never started: no timers, no polling. */
export function senderBoss(): Promise<PgBoss> {
  holder.seaworthySender ??= openSender();
  return holder.seaworthySender;
}
