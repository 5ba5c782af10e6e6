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

/** The pool under a client. */
const pools = new WeakMap<object, pg.Pool>();

/** Tells which pool a client stands on. */
export function rememberPool(db: object, pool: pg.Pool): void {
  pools.set(db, pool);
}

/**
 * The rows of a prepared statement, past the client's engine, which costs twice what the database takes for a small
 * one. Inside a transaction the statement runs in it, by the client. Select only types that driver and client read
 * alike: text, int4, float8, bool, timestamptz, arrays of text.
 */
export async function hotRows<Row extends object>(db: Db, { name, text }: HotStatement, values: readonly unknown[]): Promise<Row[]> {
  const pool = pools.get(db);
  if (!pool) return db.$queryRawUnsafe<Row[]>(text, ...values);
  const { rows } = await pool.query<Row>({ name, text, values: [...values] });
  return rows;
}
