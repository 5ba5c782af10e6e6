/**
 * The breaker of the console's own database, for this process alone: a row in the database could not be read when it
 * matters. Its state is plain data on globalThis, because the server and the framework's bundle are loaded apart.
 * `pulse.ts` opens and closes it; everybody else asks here. Without a pulse (worker, command line) it never opens.
 */
import { AppError } from "../errors.ts";
import { isConnectionLoss } from "./connection-loss.ts";

type Guard = { awaySince: Date | null; whenAway: Set<() => void>; hurry: (() => void) | null };

const holder = globalThis as { seaworthyDatabaseGuard?: Guard };

function guard(): Guard {
  holder.seaworthyDatabaseGuard ??= { awaySince: null, whenAway: new Set(), hurry: null };
  return holder.seaworthyDatabaseGuard;
}

/** Seconds after which it is worth asking again: the pulse tries every second. */
const RETRY_AFTER_SECONDS = 5;

/** Since when the database is away as far as this process knows; null while it answers. */
export const databaseAwaySince = (): Date | null => guard().awaySince;

/** The pulse tells: `since` when the database went away, null when it answers again. */
export function setDatabaseAway(since: Date | null): void {
  const own = guard();
  own.awaySince = since;
  if (since) for (const tell of own.whenAway) tell();
}

/** Who beats the pulse; asked to look at once when a call lost its connection. */
export function setPulse(hurry: (() => void) | null): void {
  guard().hurry = hurry;
}

/** A call lost its connection: find out now whether that was all. */
export const noteConnectionLoss = (): void => guard().hurry?.();

/** True while a pulse watches, so that an outage will be noticed. */
export const isDatabaseWatched = (): boolean => guard().hurry !== null;

/** The refusal while the database is away; nothing was begun. */
export function databaseAway(cause?: unknown): AppError {
  return new AppError("unavailable", "The console's database is away. Nothing was changed; try again in a moment.", { cause, detail: { retryAfterSeconds: RETRY_AFTER_SECONDS } });
}

/** The answer to a change whose connection was lost on the way. */
export function outcomeUnknown(cause: unknown): AppError {
  return new AppError("unavailable", "The console's database went away during this change. It may or may not be saved; look before you try again.", { cause, detail: { retryAfterSeconds: RETRY_AFTER_SECONDS } });
}

type Coded = { code?: unknown; cause?: { code?: unknown } } | null;

/** True for the refusal above, also inside a procedure's error and from whichever bundle, and for a lost connection. */
export function isDatabaseAway(error: unknown): boolean {
  if (isConnectionLoss(error)) return true;
  const coded = error as Coded;
  return databaseAwaySince() !== null && [coded?.code, coded?.cause?.code].includes("unavailable");
}

/**
 * What `work` resolves to. Throws `unavailable` at once while the database is away, and as soon as it goes away while
 * `work` waits for it. For reads only: what `work` does afterwards is not undone.
 */
export async function whileDatabaseAnswers<T>(work: () => Promise<T>): Promise<T> {
  if (databaseAwaySince()) throw databaseAway();
  if (!isDatabaseWatched()) return work();
  const { whenAway } = guard();
  const gone = Promise.withResolvers<never>();
  const tell = () => gone.reject(databaseAway());
  whenAway.add(tell);
  const running = work();
  // Whoever is late may still fail; nobody waits for that any more.
  running.catch(() => undefined);
  gone.promise.catch(() => undefined);
  try {
    return await Promise.race([running, gone.promise]);
  } finally {
    whenAway.delete(tell);
  }
}
