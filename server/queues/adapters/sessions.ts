/**
 * Open systems of this process, one a connection. A session lives until its settings change or the system stops
 * answering; then it is closed, and the next caller opens another, which looks up the name again. A system that cannot be
 * opened is left alone for a while, twice as long after each failure; whoever asks meanwhile hears why at once.
 */
import { monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { OutboundError } from "../../platform/http/outbound.ts";
import type { ConnectionKind } from "../schema/index.ts";
import type { QueueSystem } from "./adapter.ts";
import { ADAPTERS } from "./adapters.ts";
import { ConnectionProblem, plainMessage, Trail } from "./trail.ts";

/** Pauses after failures: 1 s, 2 s, 4 s … a minute, so a system that is back is found within a minute. */
const FIRST_PAUSE_MS = SECOND_MS;
const LONGEST_PAUSE_MS = 60 * SECOND_MS;

export type SessionOf = { id: string; kind: ConnectionKind; revision: number; config: unknown };

type Session = { revision: number; opening: Promise<QueueSystem>; problem: ConnectionProblem | null; failures: number; retryAtMs: number };

const holder = globalThis as { seaworthyQueueSessions?: Map<string, Session> };
const sessions = (): Map<string, Session> => (holder.seaworthyQueueSessions ??= new Map<string, Session>());

/** Pause after the nth failure in a row, in milliseconds. */
export const pauseAfterFailures = (failures: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));

/** True for what a caller did wrong or what the system refuses; everything else means that the connection is not to be trusted. */
const isAnswer = (error: unknown) => error instanceof AppError && error.code !== "unavailable";

/** Closes a session that stopped answering, unless it was replaced already. */
function drop(id: string, system: QueueSystem, session: Session): void {
  if (sessions().get(id) === session) sessions().delete(id);
  void system.close().catch(() => undefined);
}

/** Turns a method into one that drops the session when the system stops answering, and says so in words. */
function watched<Arguments extends unknown[], Result>(method: (...given: Arguments) => Promise<Result>, onLost: () => void) {
  return async (...given: Arguments): Promise<Result> => {
    try {
      return await method(...given);
    } catch (error) {
      if (isAnswer(error)) throw error;
      onLost();
      if (error instanceof AppError) throw error;
      throw new AppError("unavailable", `The queue system did not answer as it should: ${plainMessage(error)}`, { cause: error });
    }
  };
}

function watch(system: QueueSystem, onLost: () => void): QueueSystem {
  return {
    can: system.can,
    found: system.found,
    isTransactional: system.isTransactional,
    readQueues: watched(system.readQueues, onLost),
    readInside: watched(system.readInside, onLost),
    listJobs: watched(system.listJobs, onLost),
    getJob: watched(system.getJob, onLost),
    findIds: watched(system.findIds, onLost),
    act: watched(system.act, onLost),
    ...(system.sweepFailed ? { sweepFailed: watched(system.sweepFailed, onLost) } : {}),
    setPaused: watched(system.setPaused, onLost),
    setRateCap: watched(system.setRateCap, onLost),
    drain: watched(system.drain, onLost),
    runSchedule: watched(system.runSchedule, onLost),
    enqueueTest: watched(system.enqueueTest, onLost),
    close: system.close,
  };
}

async function open(ctx: Context, to: SessionOf, session: Session): Promise<QueueSystem> {
  const trail = new Trail();
  try {
    // The caller may go away; others share what it opened.
    const system = await ADAPTERS[to.kind].open({ ctx: { ...ctx, signal: undefined }, connection: to.id, config: to.config, trail });
    session.failures = 0;
    return watch(system, () => drop(to.id, system, session));
  } catch (error) {
    const isOurs = !(error instanceof ConnectionProblem) && !(error instanceof OutboundError) && error instanceof AppError;
    if (isOurs) throw error;
    session.failures += 1;
    session.retryAtMs = monotonicMs() + pauseAfterFailures(session.failures);
    session.problem = error instanceof ConnectionProblem ? error : new ConnectionProblem(plainMessage(error), trail.steps, error);
    throw session.problem;
  }
}

/** The open system of a connection. Throws ConnectionProblem, at once while it is left alone. */
export async function sessionOf(ctx: Context, to: SessionOf): Promise<QueueSystem> {
  const known = sessions().get(to.id);
  const isSame = known?.revision === to.revision;
  if (known && isSame && !known.problem) return known.opening;
  if (known?.problem && isSame && monotonicMs() < known.retryAtMs) throw known.problem;
  if (known && !isSame) void known.opening.then((system) => system.close()).catch(() => undefined);
  const session: Session = { revision: to.revision, opening: Promise.resolve() as never, problem: null, failures: isSame ? (known?.failures ?? 0) : 0, retryAtMs: 0 };
  sessions().set(to.id, session);
  session.opening = open(ctx, to, session);
  return session.opening;
}

/** Closes what is open: on the way out, and between tests. */
export async function closeSessions(): Promise<void> {
  const open = [...sessions().values()];
  sessions().clear();
  await Promise.all(open.map(({ opening }) => opening.then((system) => system.close()).catch(() => undefined)));
}
