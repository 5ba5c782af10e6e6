/**
 * Reads every connection when its turn comes. A turn is a lease in the database, so of any number of workers one reads a
 * connection at a time, and another takes over when that one dies. Connections are read side by side: one that hangs
 * holds up nobody.
 */
import { randomUUID } from "node:crypto";
import { createAlarm } from "../../platform/alarm.ts";
import { monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { countFlow } from "../../platform/queue/counters.ts";
import type { RunningLoop } from "../../platform/loops.ts";
import { getSettings } from "../../settings/queries/index.ts";
import { nextReadingIn } from "../samples.ts";
import { sessionOf } from "../adapters/sessions.ts";
import { ConnectionProblem, plainMessage, within } from "../adapters/trail.ts";
import { showFigures } from "../gauges.ts";
import { toSession } from "../queries/index.ts";
import { OWN_CONNECTION } from "../schema/index.ts";
import { recordProblem, recordReadings, type Turn } from "./record.ts";

/** Longest a reading may take; the turn outlives it, so a slow reader is not joined by a second one. */
const READING_MS = 25 * SECOND_MS;
const TURN_SECONDS = 40;
const TURNS_AT_ONCE = 20;
/** How often due turns are looked for. */
const LOOK_MS = 2 * SECOND_MS;
/** A system that is down is tried again after its interval, twice as long each time, at most a minute. */
const LONGEST_PAUSE_SECONDS = 60;

type Due = { id: string; kind: string; revision: number; config: unknown; failures: number; lastReadAt: Date | null };

/** Takes the turns that are due. */
function takeTurns(ctx: Context, reader: string): Promise<Due[]> {
  return ctx.db.$queryRaw<Due[]>`
    UPDATE queue_connection SET reader = ${reader}, reader_until = now() + ${TURN_SECONDS}::int * interval '1 second'
    WHERE id IN (SELECT id FROM queue_connection WHERE next_read_at <= now() AND (reader_until IS NULL OR reader_until < now())
      ORDER BY next_read_at LIMIT ${TURNS_AT_ONCE}::int FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, revision, config, failures, last_read_at AS "lastReadAt"`;
}

async function readOne(ctx: Context, due: Due, at: Turn & { everySeconds: number }): Promise<void> {
  const since = due.lastReadAt ?? new Date(ctx.now().getTime() - at.everySeconds * SECOND_MS);
  try {
    const system = await within(sessionOf(ctx, toSession(due)), READING_MS);
    const startedMs = monotonicMs();
    const readings = await within(system.readQueues(ctx, { since }), READING_MS);
    const nextInSeconds = nextReadingIn(at.everySeconds, monotonicMs() - startedMs);
    const isKept = await recordReadings(ctx, at, { readings, found: system.found, nextInSeconds });
    // The workers of the own queue count for themselves.
    if (isKept && due.id !== OWN_CONNECTION) for (const { name, flow } of readings) countFlow({ connection: due.id, queue: name }, flow);
  } catch (error) {
    const tried = error instanceof ConnectionProblem ? error.tried : [];
    const nextInSeconds = Math.min(LONGEST_PAUSE_SECONDS, at.everySeconds * 2 ** due.failures);
    ctx.log.debug({ err: error, connection: due.id }, "a queue system could not be read");
    await recordProblem(ctx, at, { problem: plainMessage(error), tried: tried.map((step) => ({ ...step })), nextInSeconds });
  }
}

/** Reads every connection whose turn has come. Returns how many. */
export async function sampleDue(ctx: Context): Promise<number> {
  const reader = randomUUID();
  const turns = await takeTurns(ctx, reader);
  if (turns.length === 0) return 0;
  const { values } = await getSettings(ctx);
  await Promise.all(turns.map((due) => readOne(ctx, due, { id: due.id, reader, everySeconds: values.queuesSampleSeconds })));
  return turns.length;
}

/** The loop of a worker: samples, and shows Prometheus how all queues stand. */
export function startSampler(ctx: Context): RunningLoop {
  const alarm = createAlarm();
  let isStopping = false;
  const once = async () => {
    await sampleDue(ctx);
    await showFigures(ctx);
  };
  const running = (async () => {
    while (!isStopping) {
      await once().catch((error: unknown) => ctx.log.warn({ err: error }, "could not sample the queues"));
      if (!isStopping) await alarm.pause(LOOK_MS);
    }
  })();
  const stop = () => {
    isStopping = true;
    alarm.wake();
    return running;
  };
  return { stop };
}
