/**
 * The ways in which a claimed job can end. Every statement names the claim (id and attempt), so a worker that lost its
 * claim while it was stopped or cut off changes nothing: each function then returns false and the caller discards its
 * result.
 */
import type { PgBoss } from "pg-boss";
import type pg from "pg";

/** One attempt at one job, as fetched. `retryCount` names the attempt. */
export type Claim = { id: string; name: string; retryCount: number };

/** What settling needs. */
export type Desk = { boss: PgBoss; pool: pg.Pool };

const MAX_MESSAGE_LENGTH = 2_000;
const MAX_STACK_LENGTH = 8_000;

/** pg-boss answers with how many rows it changed, though its types do not say so. */
const isAffected = (response: object): boolean => (response as { affected?: number }).affected === 1;

/** What is kept of an error: name, message, stack and the message of its cause, cut to a sane length. */
export function describeError(error: unknown): { name: string; message: string; stack?: string; cause?: string } {
  if (!(error instanceof Error)) return { name: "Error", message: String(error).slice(0, MAX_MESSAGE_LENGTH) };
  const cause = error.cause instanceof Error ? error.cause.message.slice(0, MAX_MESSAGE_LENGTH) : undefined;
  return { name: error.name, message: error.message.slice(0, MAX_MESSAGE_LENGTH), stack: error.stack?.slice(0, MAX_STACK_LENGTH), cause };
}

/** The job is done. */
export async function complete(desk: Desk, claim: Claim): Promise<boolean> {
  return isAffected(await desk.boss.complete(claim.name, claim));
}

/** Jobs of one queue are done. Returns the ids that were still ours. */
export async function completeAll(desk: Desk, name: string, claims: Claim[]): Promise<Set<string>> {
  const response = (await desk.boss.complete(name, claims)) as { settled?: string[] };
  return new Set(response.settled);
}

/** The attempt failed: another follows by backoff, or the job becomes a dead letter when none is left. */
export async function fail(desk: Desk, claim: Claim, error: unknown): Promise<boolean> {
  return isAffected(await desk.boss.fail(claim.name, claim, describeError(error)));
}

/** No attempt can succeed: the job becomes a dead letter now. Safe to repeat after a crash between its two steps. */
export async function bury(desk: Desk, claim: Claim, error: unknown): Promise<boolean> {
  await desk.pool.query(
    "UPDATE pgboss.job SET retry_limit = retry_count WHERE name = $1 AND id = $2::uuid AND state = 'active' AND retry_count = $3",
    [claim.name, claim.id, claim.retryCount],
  );
  return fail(desk, claim, error);
}

/** The job waits `delayMs` and then runs as the same attempt: nothing is charged. Also hands a job back (0 ms). */
export async function postpone(desk: Desk, claim: Claim, delayMs: number): Promise<boolean> {
  const result = await desk.pool.query(
    `UPDATE pgboss.job
     SET state = 'created', started_on = NULL, heartbeat_on = NULL,
         start_after = now() + $4 * interval '1 millisecond',
         keep_until = greatest(keep_until, now() + $4 * interval '1 millisecond' + interval '1 day')
     WHERE name = $1 AND id = $2::uuid AND state = 'active' AND retry_count = $3`,
    [claim.name, claim.id, claim.retryCount, delayMs],
  );
  return result.rowCount === 1;
}

/** Says that the worker still lives. Returns the ids that it still holds. */
export async function beat(desk: Desk, name: string, claims: Claim[]): Promise<Set<string>> {
  const response = (await desk.boss.touch(name, claims)) as { settled?: string[] };
  return new Set(response.settled);
}

/** The worker fell silent for a while and came back: its job did not end its life. */
export async function reportAlive(desk: Desk, claims: Claim[]): Promise<void> {
  await desk.pool.query(
    `UPDATE series.queue_attempt a SET survived = true FROM unnest($1::uuid[], $2::int[]) AS c(id, attempt)
     WHERE a.job_id = c.id AND a.attempt = c.attempt AND a.is_silent AND NOT a.survived`,
    [claims.map((claim) => claim.id), claims.map((claim) => claim.retryCount + 1)],
  );
}
