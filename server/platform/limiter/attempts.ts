/**
 * Failed sign-ins, counted in PostgreSQL so that they survive restarts and hold whatever other store is away. An
 * attempt is counted before the secret is compared and taken back when it was right: of any number at once, no more
 * than the limit are ever compared. The attempt that fills the limit blocks its address, each time twice as long.
 * Times come from the database. Each charge is one statement; the row's lock puts parallel ones in order.
 */
import { createHash, randomUUID } from "node:crypto";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../clock.ts";
import { Prisma, type Db } from "../db.ts";
import { AUTH_WINDOW_MS } from "./windows.ts";

/** Length of a first block; each further one within a day doubles it. */
const BLOCK_MS = HOUR_MS;
const BLOCK_MAX_MS = DAY_MS;
/** Failed attempts on an account that cost no time. */
const FREE_FAILURES = 3;
const DELAY_STEP_MS = 250;
const DELAY_MAX_MS = 4 * SECOND_MS;
/** Attempts on an account that are remembered; the delay has long reached its end. */
const ACCOUNT_MEMORY = 20;

export type Attempt = {
  isAllowed: boolean;
  /** Attempts left before a block. */
  remaining: number;
  /** Whole seconds until an attempt will be accepted; when it is accepted now, until the oldest failure is forgotten. */
  resetSeconds: number;
};

/** How the table names an address. */
export const addressSubject = (address: string): string => `address:${address}`;

/** How the table names an account: by hash, because attempts name people who have none. */
export function accountSubject(email: string): string {
  return `account:${createHash("sha256").update(email.normalize("NFKC").trim().toLowerCase()).digest("hex")}`;
}

type Row = { is_accepted: boolean; failures: number; reset_ms: number };

const interval = (ms: number): Prisma.Sql => Prisma.sql`(${ms}::float8 * interval '1 millisecond')`;
const recentOf = (failed: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`coalesce((SELECT array_agg(f ORDER BY f) FROM unnest(${failed}) f WHERE f > c.t - ${interval(AUTH_WINDOW_MS)}), '{}')`;
/** Milliseconds until the block ends, or until the oldest failure is forgotten. */
const resetOf = (row: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(extract(epoch FROM greatest(coalesce(${row}.blocked_until, '-infinity'), ${row}.failed_at[1] + ${interval(AUTH_WINDOW_MS)}) - clock_timestamp()) * 1000)::float8`;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / SECOND_MS));

/** Counts one attempt of `address`, if it may have one more of `max`; the last of them opens a block. */
export async function chargeAttempt(db: Db, address: string, max: number): Promise<Attempt> {
  const token = randomUUID();
  const block = interval(BLOCK_MS);
  const [row] = await db.$queryRaw<Row[]>`
    INSERT INTO limit_attempt AS a (subject, failed_at, last_charge, blocked_at, blocked_until, level, updated_at)
    SELECT ${addressSubject(address)}, ARRAY[c.t], ${token}, CASE WHEN ${max}::int <= 1 THEN c.t END, CASE WHEN ${max}::int <= 1 THEN c.t + ${block} END,
      CASE WHEN ${max}::int <= 1 THEN 1 ELSE 0 END, c.t
    FROM (SELECT clock_timestamp() AS t) c
    ON CONFLICT (subject) DO UPDATE SET (failed_at, last_charge, blocked_at, blocked_until, level, lifted_at, lifted_by, updated_at) = (
      SELECT CASE WHEN o.ok THEN r.recent || c.t ELSE a.failed_at END,
        CASE WHEN o.ok THEN ${token} ELSE a.last_charge END,
        CASE WHEN o.opens THEN c.t ELSE a.blocked_at END,
        CASE WHEN o.opens THEN c.t + least(${block} * power(2, least(l.level - 1, 10)), ${interval(BLOCK_MAX_MS)}) ELSE a.blocked_until END,
        CASE WHEN o.opens THEN l.level ELSE a.level END,
        CASE WHEN o.opens THEN NULL ELSE a.lifted_at END,
        CASE WHEN o.opens THEN NULL ELSE a.lifted_by END,
        CASE WHEN o.ok THEN c.t ELSE a.updated_at END
      FROM (SELECT clock_timestamp() AS t) c
      CROSS JOIN LATERAL (SELECT ${recentOf(Prisma.sql`a.failed_at`)} AS recent) r
      CROSS JOIN LATERAL (SELECT CASE WHEN a.blocked_until > c.t - ${interval(BLOCK_MAX_MS)} THEN a.level + 1 ELSE 1 END AS level) l
      CROSS JOIN LATERAL (SELECT (a.blocked_until IS NULL OR a.blocked_until <= c.t) AND cardinality(r.recent) < ${max}::int AS ok,
        (a.blocked_until IS NULL OR a.blocked_until <= c.t) AND cardinality(r.recent) = ${max}::int - 1 AS opens) o)
    RETURNING last_charge = ${token} AS is_accepted, cardinality(failed_at)::int AS failures, ${resetOf(Prisma.sql`a`)} AS reset_ms`;
  if (!row) throw new Error("an attempt was not counted");
  return { isAllowed: row.is_accepted, remaining: row.is_accepted ? Math.max(0, max - row.failures) : 0, resetSeconds: seconds(row.reset_ms) };
}

/** How an address stands; counts nothing. */
export async function peekAttempt(db: Db, address: string, max: number): Promise<Attempt> {
  const [row] = await db.$queryRaw<{ is_blocked: boolean; failures: number; reset_ms: number | null }[]>`
    SELECT coalesce(a.blocked_until > c.t, false) AS is_blocked, cardinality(${recentOf(Prisma.sql`a.failed_at`)})::int AS failures, ${resetOf(Prisma.sql`a`)} AS reset_ms
    FROM limit_attempt a, (SELECT clock_timestamp() AS t) c WHERE a.subject = ${addressSubject(address)}`;
  const failures = row?.failures ?? 0;
  const isAllowed = !row?.is_blocked && failures < max;
  return { isAllowed, remaining: isAllowed ? max - failures : 0, resetSeconds: seconds(failures > 0 || row?.is_blocked ? (row?.reset_ms ?? 0) : AUTH_WINDOW_MS) };
}

/** Takes back one attempt of `address`; a block that only stood because of it ends. */
export async function forgiveAttempt(db: Db, address: string, max: number): Promise<void> {
  await db.$executeRaw`
    UPDATE limit_attempt a SET
      failed_at = a.failed_at[1 : cardinality(a.failed_at) - 1],
      blocked_until = CASE WHEN cardinality(a.failed_at) <= ${max}::int THEN least(a.blocked_until, clock_timestamp()) ELSE a.blocked_until END,
      level = CASE WHEN cardinality(a.failed_at) <= ${max}::int AND a.blocked_until > clock_timestamp() THEN greatest(a.level - 1, 0) ELSE a.level END,
      updated_at = clock_timestamp()
    WHERE a.subject = ${addressSubject(address)} AND cardinality(a.failed_at) > 0`;
}

/** Counts one attempt on an account and says how long it has to wait, in milliseconds. An account is never locked. */
export async function chargeAccount(db: Db, email: string): Promise<number> {
  const [row] = await db.$queryRaw<{ failures: number }[]>`
    INSERT INTO limit_attempt AS a (subject, failed_at, last_charge, updated_at)
    SELECT ${accountSubject(email)}, ARRAY[c.t], '', c.t FROM (SELECT clock_timestamp() AS t) c
    ON CONFLICT (subject) DO UPDATE SET (failed_at, updated_at) = (
      SELECT (r.recent || c.t)[greatest(1, cardinality(r.recent) + 2 - ${ACCOUNT_MEMORY}::int) :], c.t
      FROM (SELECT clock_timestamp() AS t) c CROSS JOIN LATERAL (SELECT ${recentOf(Prisma.sql`a.failed_at`)} AS recent) r)
    RETURNING cardinality(failed_at)::int AS failures`;
  return accountDelay((row?.failures ?? 1) - 1);
}

/** Milliseconds that an attempt waits after so many failures on its account: nothing at first, then doubling to 4 s. */
export function accountDelay(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(DELAY_MAX_MS, DELAY_STEP_MS * 2 ** Math.min(failures - FREE_FAILURES, ACCOUNT_MEMORY));
}

/** Forgets the failures on an account, when somebody proved to be its owner. */
export async function forgiveAccount(db: Db, email: string): Promise<void> {
  await db.$executeRaw`UPDATE limit_attempt SET failed_at = '{}', updated_at = clock_timestamp() WHERE subject = ${accountSubject(email)}`;
}
