/**
 * Runs one attempt at a job and says how it ended. Never throws. The handler gets a signal that is aborted when its
 * time is up, when the claim is lost or when the worker stops; a handler that ignores it is left behind after a short
 * grace, so it cannot hold its place for ever.
 */
import { SECOND_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { Later, Permanent, type HandledJob } from "./define.ts";
import { timeoutOf } from "./policy.ts";
import type { Claim } from "./settle.ts";

export type Outcome =
  | { kind: "done" }
  | { kind: "failed"; error: unknown }
  | { kind: "permanent"; error: unknown }
  | { kind: "later"; delayMs: number; reason: string };

/** Time for a handler to notice its signal. */
const ABORT_GRACE_MS = 2 * SECOND_MS;

/** How a thrown value ends the attempt. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Later) return { kind: "later", delayMs: error.delayMs, reason: error.message };
  if (error instanceof Permanent) return { kind: "permanent", error };
  return { kind: "failed", error };
}

export type AttemptWorld = { claim: Claim; data: unknown; handled: HandledJob; ctx: Context; controller: AbortController };

/** Runs the handler against its timeout. Input that does not fit the declaration is permanent: it will never fit. */
export async function runAttempt(world: AttemptWorld): Promise<Outcome> {
  const { claim, data, handled, ctx, controller } = world;
  const input = handled.definition.input.safeParse(data);
  if (!input.success) return { kind: "permanent", error: new Permanent("The job's input does not fit its declaration.", { cause: input.error }) };
  const timeoutMs = timeoutOf(handled.definition);
  const timer = setTimeout(() => controller.abort(new Error(`The job took longer than ${timeoutMs / SECOND_MS} s.`)), timeoutMs);
  const { signal } = controller;
  const left = Promise.withResolvers<Outcome>();
  let graceTimer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    graceTimer = setTimeout(() => left.resolve({ kind: "failed", error: signal.reason }), ABORT_GRACE_MS);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([perform(handled, { ctx: { ...ctx, signal }, data, claim, signal }), left.promise]);
  } finally {
    clearTimeout(timer);
    clearTimeout(graceTimer);
    signal.removeEventListener("abort", onAbort);
  }
}

type Performance = { ctx: Context; data: unknown; claim: Claim; signal: AbortSignal };

async function perform(handled: HandledJob, what: Performance): Promise<Outcome> {
  const { ctx, data, claim, signal } = what;
  try {
    await handled.run(ctx, data, { jobId: claim.id, attempt: claim.retryCount + 1, signal });
    return { kind: "done" };
  } catch (error) {
    // A handler that stops because it was told to usually throws the signal's reason or wraps it; the reason says why.
    return outcomeOf(signal.aborted && !(error instanceof Permanent) && !(error instanceof Later) ? signal.reason : error);
  }
}
