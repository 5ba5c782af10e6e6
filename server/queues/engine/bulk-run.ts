/** Carries out operations on many jobs: slice after slice, so that a stopping worker lets go of them in time. */
import { monotonicMs, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { Later } from "../../platform/queue/define.ts";
import { Pace } from "../bulk-pace.ts";
import { handOver } from "../mutations/bulk.ts";
import { systemOf } from "../queries/index.ts";
import { finish, Overtaken } from "./bulk-record.ts";
import { takeStep } from "./bulk-step.ts";

/** Shorter than a worker's time to stop. */
const SLICE_MS = 15 * SECOND_MS;
const AWAY_MS = 5 * SECOND_MS;
/** Steps in a row that may go wrong before it gives up; people can resume it. */
const MOST_FAILURES = 5;
/** Steps whose worker was never heard of again for this long are handed over. */
const SILENT_MS = 60 * SECOND_MS;

function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

async function runSlice(ctx: Context, id: string, signal: AbortSignal): Promise<void> {
  const endMs = monotonicMs() + SLICE_MS;
  let pace: Pace | null = null;
  while (!signal.aborted) {
    const operation = await ctx.db.queueOperation.findUnique({ where: { id } });
    if (!operation || (operation.status !== "waiting" && operation.status !== "running")) return;
    pace ??= new Pace(operation.perSecond);
    const startedMs = monotonicMs();
    const opened = await systemOf(ctx, operation.connectionId);
    const { count, isOver } = await takeStep(ctx, { operation, opened, size: pace.size, rate: pace.rate ?? operation.rate });
    if (isOver) return;
    await rest(pace.took(count, monotonicMs() - startedMs), signal);
    if (monotonicMs() > endMs) throw new Later(0, "The operation goes on.");
  }
  signal.throwIfAborted();
}

/** Notes what holds the operation up. Returns how long to wait, or null when it gave up. */
async function noteTrouble(ctx: Context, id: string, error: unknown): Promise<number | null> {
  const isAway = error instanceof AppError && error.code === "unavailable";
  const isFinal = error instanceof AppError && (error.code === "not_found" || error.code === "precondition");
  const trouble = error instanceof AppError ? error.message : "Something went wrong inside; the log of the worker says what.";
  return inTransaction(ctx, async (tx) => {
    const row = await tx.db.queueOperation.update({ where: { id }, data: { trouble, updatedAt: tx.now(), ...(isAway ? {} : { failures: { increment: 1 } }) }, select: { failures: true } });
    const hasGivenUp = isFinal || row.failures >= MOST_FAILURES;
    if (hasGivenUp) await finish(tx, id, { status: "failed", trouble });
    await announce(tx, { topic: "queues", id });
    return hasGivenUp ? null : AWAY_MS;
  });
}

/** Runs one slice of an operation. Throws `Later` when another follows; trouble is kept on the operation. */
export async function runBulk(ctx: Context, id: string, signal: AbortSignal): Promise<void> {
  try {
    await runSlice(ctx, id, signal);
  } catch (error) {
    if (error instanceof Later || signal.aborted) throw error;
    if (error instanceof Overtaken) return;
    ctx.log.warn({ err: error, operation: id }, "an operation on jobs is held up");
    const waitMs = await noteTrouble(ctx, id, error);
    if (waitMs !== null) throw new Later(waitMs, "The operation is held up.");
  }
}

/** Hands over operations that nobody carries out. */
export async function reviveBulks(ctx: Context): Promise<number> {
  const quiet = new Date(ctx.now().getTime() - SILENT_MS);
  const rows = await ctx.db.queueOperation.findMany({ where: { status: { in: ["waiting", "running"] }, updatedAt: { lt: quiet } }, select: { id: true } });
  for (const { id } of rows) await handOver(ctx, id);
  return rows.length;
}
