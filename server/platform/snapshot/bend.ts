/**
 * How a procedure bends when the database is away. A read that is kept answers with the last known facts, marked with
 * their time; other reads and every change are refused as `unavailable`, at once. A read whose connection was lost
 * while the database as a whole answers is tried again. Nothing here turns an error of a statement into old facts.
 */
import type { Context } from "../context.ts";
import { isConnectionLoss } from "../breaker/connection-loss.ts";
import { databaseAway, databaseAwaySince, isDatabaseAway, noteConnectionLoss, outcomeUnknown, whileDatabaseAnswers } from "../breaker/database-guard.ts";
import { createBudget, RETRY, type RetryBudget } from "../retry/policy.ts";
import { retrying } from "../retry/retry.ts";
import { snapshot } from "./keeper.ts";
import { keyOf, type Audience, type LastKnownMark } from "./last-known.ts";

export type Call = {
  ctx: Context;
  path: string;
  type: "query" | "mutation" | "subscription";
  /** For whom a read's answer is kept; undefined when it is not. */
  keeps?: Audience;
  /** The input as it was sent. */
  input: () => Promise<unknown>;
};

/** What a middleware's `next` resolves to, as far as it matters here. */
type Result = { ok: true; data: unknown } | { ok: false; error: Error & { cause?: unknown } };

const causeOf = (result: Result): unknown => (result.ok ? null : (result.error.cause ?? result.error));

/** Carries a failed result through code that works with rejections. */
class Failed extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super("the call failed", { cause: causeOf(result) });
    this.result = result;
  }
}

const holder = globalThis as { seaworthyReadBudget?: RetryBudget };

function budget(): RetryBudget {
  holder.seaworthyReadBudget ??= createBudget();
  return holder.seaworthyReadBudget;
}

/** Runs a read, again when its connection was lost. Throws what the last try failed with. */
async function read<R extends Result>(ctx: Context, next: () => Promise<R>): Promise<R> {
  const once = async () => {
    const result = await next();
    if (result.ok || !isConnectionLoss(causeOf(result))) return result;
    noteConnectionLoss();
    throw new Failed(result);
  };
  const isTransient = () => databaseAwaySince() === null;
  return whileDatabaseAnswers(() => retrying({ policy: RETRY.databaseRead, isTransient, budget: budget(), signal: ctx.signal }, once));
}

function audienceOf(ctx: Context, keeps: Audience): string | null {
  const { actor } = ctx;
  if (actor.kind !== "user" && actor.kind !== "apiKey") return null;
  return keeps === "role" ? actor.role : actor.id;
}

async function keyFor(call: Call): Promise<string | null> {
  const audience = call.keeps ? audienceOf(call.ctx, call.keeps) : null;
  return audience === null ? null : keyOf(call.path, audience, await call.input());
}

/** The kept answer with its mark; null when there is none. */
async function lastKnown(call: Call): Promise<unknown> {
  const key = await keyFor(call);
  const kept = key === null ? undefined : snapshot().answers.find(key);
  if (!kept || typeof kept.data !== "object" || kept.data === null) return null;
  const mark: LastKnownMark = { at: kept.at, since: databaseAwaySince() ?? kept.at };
  call.ctx.request?.responseHeaders.set("X-Seaworthy-Last-Known", kept.at.toISOString());
  return { ...kept.data, lastKnown: mark };
}

async function bendRead<R extends Result>(call: Call, next: () => Promise<R>): Promise<R> {
  const { ctx } = call;
  try {
    // Nobody could say who calls, so nothing fresh is shown, even if the database is back by now.
    if (ctx.isRemembered) throw databaseAway();
    const result = await read(ctx, next);
    if (result.ok && call.keeps) {
      const key = await keyFor(call);
      if (key !== null) snapshot().answers.remember(key, result.data, ctx.now());
    }
    return result;
  } catch (error) {
    const cause = error instanceof Failed ? error.cause : error;
    if (!ctx.isRemembered && !isDatabaseAway(cause)) throw error;
    const data = await lastKnown(call);
    if (data === null) throw databaseAway(cause);
    return { ok: true, data, ctx, marker: undefined } as unknown as R;
  }
}

/** Throws `unavailable` when nothing may be changed because the database is away, or was when the caller was named. */
export function assertReachable(ctx: Context): void {
  if (ctx.isRemembered || databaseAwaySince()) throw databaseAway();
}

/** Runs the rest of a procedure call. Throws AppError `unavailable` where nothing can be shown or changed. */
export async function bend<R extends Result>(call: Call, next: () => Promise<R>): Promise<R> {
  if (call.type === "subscription") return next();
  if (call.type === "query") return bendRead(call, next);
  assertReachable(call.ctx);
  const result = await next();
  const cause = causeOf(result);
  if (!isConnectionLoss(cause)) return result;
  noteConnectionLoss();
  throw outcomeUnknown(cause);
}
