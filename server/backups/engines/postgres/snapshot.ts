/**
 * One moment of a database, held open: tables locked against changes of their shape first, then the snapshot that the
 * dump, the counts and the hashes all read. (PostgreSQL takes the snapshot of a repeatable-read transaction with its
 * first query; LOCK is none, so no rewritten table can look empty to it.)
 */
import pg from "pg";
import { AppError } from "../../../platform/errors.ts";
import { LOCK_NOT_AVAILABLE, schemaChanges } from "./connect.ts";

export type SourceTable = {
  schema: string;
  name: string;
  bytes: number;
  /** Names of the primary key's columns, empty without one. */
  key: string[];
  /** True when the key is one whole-number column, which hashes fastest. */
  hasWholeKey: boolean;
  /** True for a table whose rows are not in the log, so that copies of files do not hold them. */
  isUnlogged: boolean;
  /** Columns that a COPY writes: neither dropped nor generated. */
  columns: string[];
};

export type Snapshot = { id: string; asOf: Date; tables: SourceTable[] };

/** Tables whose rows are data of the database: not the system's, not temporary, not an extension's own. */
const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_table_size(c.oid)::float8 AS bytes, c.relpersistence = 'u' AS "isUnlogged",
    coalesce((SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.place) FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
      WHERE i.indrelid = c.oid AND i.indisprimary), '{}') AS key,
    coalesce((SELECT pg_catalog.array_length(i.indkey::int2[], 1) = 1 AND a.atttypid IN (20, 21, 23) FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = c.oid AND i.indisprimary), false) AS "hasWholeKey",
    coalesce((SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '{}') AS columns
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY 1, 2`;

/** A table as SQL names it. */
export const quoted = (table: { schema: string; name: string }): string => `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;

export async function listTables(client: pg.Client): Promise<SourceTable[]> {
  return (await client.query<SourceTable>(TABLES)).rows;
}

/** New tables may appear between the look and the lock; more often than this the schema is being rebuilt. */
const TRIES = 3;
const UNDEFINED_TABLE = "42P01";

/** Keeps tables from changing their shape until the transaction of this connection ends. */
export async function lockTables(client: pg.Client, tables: SourceTable[]): Promise<void> {
  if (tables.length > 0) await client.query(`LOCK TABLE ${tables.map((table) => `ONLY ${quoted(table)}`).join(", ")} IN ACCESS SHARE MODE`);
}

async function begin(client: pg.Client, lockTimeoutMs: number): Promise<Snapshot | null> {
  // Asking for the size of a locked table waits for it too.
  await client.query(`SET lock_timeout = ${lockTimeoutMs}`);
  const before = await listTables(client);
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await lockTables(client, before);
  const { rows } = await client.query<{ id: string; asOf: Date }>(`SELECT pg_catalog.pg_export_snapshot() AS id, pg_catalog.now() AS "asOf"`);
  const tables = await listTables(client);
  const locked = new Set(before.map(quoted));
  const first = rows[0];
  if (!first || tables.some((table) => !locked.has(quoted(table)))) return null;
  return { ...first, tables };
}

/** Opens the snapshot on a fresh connection, which stays in its transaction until it ends. Throws AppError. */
export async function openSnapshot(client: pg.Client, lockTimeoutMs: number): Promise<Snapshot> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const snapshot = await begin(client, lockTimeoutMs);
      if (snapshot) return snapshot;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === LOCK_NOT_AVAILABLE) throw schemaChanges(error);
      if (code !== UNDEFINED_TABLE) throw error;
    }
    await client.query("ROLLBACK");
  }
  throw new AppError("unavailable", "The schema changed each time the backup tried to hold it still. Nothing was backed up; try again when the changes are done.");
}
