/**
 * The row that stands for one create under one key. Whoever inserts it holds a lease and does the work; everybody else
 * with the same key waits for that answer, at most five seconds. A lease that ran out belongs to a process that died: the
 * next one takes it over under a higher attempt number, and the dead one, should it still live, cannot commit any more.
 * The database's clock decides, so processes on several machines agree.
 */
import { SECOND_MS, monotonicMs } from "../clock.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";

/** Longer than a transaction may take (15 s), so a live holder is hardly ever overtaken. */
const LEASE_SECONDS = 20;
/** Answers are replayed for a day: longer than any client tries again. */
export const KEPT_HOURS = 24;
const WAIT_MS = 5 * SECOND_MS;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/** One create: who asks for what, under which key. */
export type Wanted = { caller: string; procedure: string; key: string; requestHash: string };
export type Claim = Wanted & { attempt: number };
/** The work is the caller's to do, or was done: then here is the sealed answer. */
export type Turn = { kind: "mine"; claim: Claim } | { kind: "done"; answer: string };

type Found = { same: boolean; answer: string | null; is_expired: boolean; lease_left: number };

async function look(ctx: Context, { caller, procedure, key, requestHash }: Wanted): Promise<Found | null> {
  const [row] = await ctx.db.$queryRaw<Found[]>`
    SELECT request_hash = ${requestHash} AS same, answer,
      created_at < now() - make_interval(hours => ${KEPT_HOURS}::int) AS is_expired,
      extract(epoch FROM lease_until - now())::float8 AS lease_left
    FROM idempotent_request WHERE caller = ${caller} AND procedure = ${procedure} AND key = ${key}`;
  return row ?? null;
}

/** Inserts the row, or takes over one whose lease or day ran out. Null when somebody else was faster. */
async function take(ctx: Context, wanted: Wanted): Promise<Claim | null> {
  const { caller, procedure, key, requestHash } = wanted;
  const [row] = await ctx.db.$queryRaw<{ attempt: number }[]>`
    INSERT INTO idempotent_request AS r (caller, procedure, key, request_hash, attempt, lease_until, created_at)
    VALUES (${caller}, ${procedure}, ${key}, ${requestHash}, 1, now() + make_interval(secs => ${LEASE_SECONDS}::int), now())
    ON CONFLICT (caller, procedure, key) DO UPDATE
      SET request_hash = excluded.request_hash, attempt = r.attempt + 1, lease_until = excluded.lease_until, answer = NULL, created_at = excluded.created_at
      WHERE r.created_at < now() - make_interval(hours => ${KEPT_HOURS}::int)
        OR (r.answer IS NULL AND r.lease_until < now() AND r.request_hash = excluded.request_hash)
    RETURNING attempt`;
  return row ? { ...wanted, attempt: row.attempt } : null;
}

const otherBody = () => new AppError("mismatch", "This Idempotency-Key was used with another body. Nothing was done; send a new key for a new request.");

function stillRunning(ctx: Context, leaseLeft: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(leaseLeft));
  ctx.request?.responseHeaders.set("Retry-After", String(retryAfterSeconds));
  return new AppError("conflict", "The first request with this Idempotency-Key is still running. Send it again in a moment; it is done once.", { detail: { retryAfterSeconds } });
}

/**
 * Waits for this request's turn. Throws AppError `mismatch` when the key was used with another input, and `conflict`
 * with the seconds to wait when the first request is still running after five seconds or the caller is gone.
 */
export async function awaitTurn(ctx: Context, wanted: Wanted): Promise<Turn> {
  const startedAt = monotonicMs();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const found = await look(ctx, wanted);
    if (!found || found.is_expired || (found.same && found.answer === null && found.lease_left < 0)) {
      const claim = await take(ctx, wanted);
      if (claim) return { kind: "mine", claim };
      continue;
    }
    if (!found.same) throw otherBody();
    if (found.answer !== null) return { kind: "done", answer: found.answer };
    if (ctx.signal?.aborted || monotonicMs() - startedAt > WAIT_MS) throw stillRunning(ctx, found.lease_left);
    // Spread out, so that a hundred waiting requests do not ask at the same moment.
    await new Promise((resolve) => setTimeout(resolve, pauseMs * (1 / 2 + Math.random())));
  }
}

/** Keeps the sealed answer, in the transaction of the work itself. Throws `conflict` when the lease was lost, which undoes the work. */
export async function keepAnswer(tx: Context, claim: Claim, answer: string): Promise<void> {
  const { caller, procedure, key, attempt } = claim;
  const { count } = await tx.db.idempotentRequest.updateMany({ where: { caller, procedure, key, attempt, answer: null }, data: { answer } });
  if (count === 0) throw new AppError("conflict", "Another request with this Idempotency-Key took over. Nothing was done here; send it again to see the answer.");
}

/** Frees the key after work that failed and so changed nothing. An answer that was kept after all stays. */
export async function giveBack(ctx: Context, { caller, procedure, key, attempt }: Claim): Promise<void> {
  await ctx.db.idempotentRequest.deleteMany({ where: { caller, procedure, key, attempt, answer: null } });
}
