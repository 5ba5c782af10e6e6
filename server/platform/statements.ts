/**
 * Which statements the database keeps prepared, and the short way for those that every request needs. Parsing and planning cost it more than running most of ours, so those
 * that come again and again get a name, under which each connection plans them once. Few are named, because every
 * connection keeps each of them: texts that differ by the length of a list would fill its memory.
 */
import type pg from "pg";
import type { Db } from "./db.ts";

/** A statement is worth a name when it came this often in one process. */
const WORTH_AFTER = 10;
/** Some 30 KB each in every connection of the pool. */
const MAX_NAMED = 120;
/** Texts that are counted at once; beyond it counting begins anew. */
const MAX_COUNTED = 1_000;

/** Makes the function that names a statement by its text; an empty name is none. */
export function createStatementNames(): (statement: { sql: string }) => string {
  const names = new Map<string, string>();
  const seen = new Map<string, number>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_NAMED) return "";
    const times = (seen.get(sql) ?? 0) + 1;
    if (times < WORTH_AFTER) {
      if (seen.size >= MAX_COUNTED) seen.clear();
      seen.set(sql, times);
      return "";
    }
    seen.delete(sql);
    const name = `sw_${names.size}`;
    names.set(sql, name);
    return name;
  };
}

/** A hand-written statement of a hot path: a name that is unique in the product, and its text with `$1`, `$2` … */
export type HotStatement = { name: string; text: string };

/** A statement put together from parts: the client's `Prisma.sql`. */
type ComposedStatement = { text: string; values: unknown[] };

type NameOf = (statement: { sql: string }) => string;
type Standing = { pool: pg.Pool; nameOf: NameOf };

/**
 * The pool under a client. The framework loads this file a second time in its bundle, while the client is one per
 * process: a map of each copy's own would be empty in the other, and its statements would go the long way.
 */
const holder = globalThis as { seaworthyPools?: WeakMap<object, Standing> };
const pools = (): WeakMap<object, Standing> => (holder.seaworthyPools ??= new WeakMap());

/** Tells which pool a client stands on, and how the statements of its connections are named. */
export function rememberPool(db: object, pool: pg.Pool, nameOf: NameOf): void {
  pools().set(db, { pool, nameOf });
}

/**
 * The rows of a prepared statement, past the client's engine, which costs twice what the database takes for a small
 * one. Inside a transaction the statement runs in it, by the client. Select only types that driver and client read
 * alike: text, int4, float8, bool, timestamptz, jsonb, arrays of text.
 */
export async function hotRows<Row extends object>(db: Db, { name, text }: HotStatement, values: readonly unknown[]): Promise<Row[]> {
  const pool = pools().get(db)?.pool;
  if (!pool) return db.$queryRawUnsafe<Row[]>(text, ...values);
  const { rows } = await pool.query<Row>({ name, text, values: [...values] });
  return rows;
}

/** The same for a statement put together by `Prisma.sql`; it is prepared when its text comes often. */
export async function hotQuery<Row extends object>(db: Db, { text, values }: ComposedStatement): Promise<Row[]> {
  const standing = pools().get(db);
  if (!standing) return db.$queryRawUnsafe<Row[]>(text, ...values);
  const name = standing.nameOf({ sql: text });
  const { rows } = await standing.pool.query<Row>(name ? { name, text, values } : { text, values });
  return rows;
}
