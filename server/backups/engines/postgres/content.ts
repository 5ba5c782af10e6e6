/**
 * What a database holds, in numbers that a restored copy must show again: rows and hashes by table, sequences, large
 * objects, extensions, and how many objects of each kind. The hash of a row is hashtextextended over its text, the same
 * on every version from 13 on; a table's hash is their sum, so the order of rows does not matter.
 */
import pg from "pg";
import type { ContentHash, DatabaseContent, TableFacts } from "../../schema/manifest.ts";
import { quoted, type SourceTable } from "./snapshot.ts";

/** Of a large table one row in so many is hashed, chosen by the hash of its key. A power of two. */
const SAMPLE_EVERY = 64;

/** Counts of objects that are not an extension's own. Not-null constraints became objects in version 18 and are left out. */
const OBJECTS = `
  WITH own AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'),
  mine AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
  SELECT kind, count(*)::int AS count FROM (
    SELECT CASE c.relkind WHEN 'v' THEN 'views' WHEN 'm' THEN 'materialized views' WHEN 'i' THEN 'indexes' WHEN 'I' THEN 'indexes'
      WHEN 'p' THEN 'partitioned tables' WHEN 'c' THEN 'types' WHEN 'S' THEN 'sequences' ELSE 'foreign tables' END AS kind
    FROM pg_catalog.pg_class c JOIN mine ON mine.oid = c.relnamespace
    WHERE c.relkind IN ('v','m','i','I','p','c','S','f') AND (1259, c.oid) NOT IN (SELECT classid, objid FROM own)
    UNION ALL SELECT 'functions' FROM pg_catalog.pg_proc p JOIN mine ON mine.oid = p.pronamespace WHERE (1255, p.oid) NOT IN (SELECT classid, objid FROM own)
    UNION ALL SELECT 'constraints' FROM pg_catalog.pg_constraint k JOIN mine ON mine.oid = k.connamespace WHERE k.contype NOT IN ('n', 't')
      AND (1259, k.conrelid) NOT IN (SELECT classid, objid FROM own)
    UNION ALL SELECT 'triggers' FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL SELECT 'types' FROM pg_catalog.pg_type y JOIN mine ON mine.oid = y.typnamespace
      WHERE y.typtype IN ('e', 'd', 'r') AND (1247, y.oid) NOT IN (SELECT classid, objid FROM own)
    UNION ALL SELECT 'policies' FROM pg_catalog.pg_policy
  ) AS all_objects GROUP BY kind ORDER BY kind`;

const SEQUENCES = `
  SELECT schemaname AS schema, sequencename AS name, last_value::text AS "lastValue", increment_by > 0 AS "isRising"
  FROM pg_catalog.pg_sequences WHERE schemaname !~ '^pg_' ORDER BY 1, 2`;

const EXTENSIONS = `SELECT extname AS name, extversion AS version FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`;

const LARGE_OBJECTS = `
  SELECT count(*)::int AS count,
    coalesce(sum(pg_catalog.hashtextextended(oid::text || ' ' || pg_catalog.encode(pg_catalog.lo_get(oid), 'hex'), 0)), 0)::text AS sum
  FROM pg_catalog.pg_largeobject_metadata`;

export type LiveSequence = { schema: string; name: string; lastValue: string | null; isRising: boolean };

/** Which rows of a table are hashed. Every row of small tables and of tables without a primary key. */
export function hashPlan(table: SourceTable, fullUpToBytes: number): Pick<ContentHash, "method" | "every"> {
  const isFull = table.bytes <= fullUpToBytes || table.key.length === 0;
  return isFull ? { method: "full", every: 1 } : { method: "sampled", every: SAMPLE_EVERY };
}

function chosen(table: SourceTable, every: number): string {
  const columns = table.key.map((name) => `one_row.${pg.escapeIdentifier(name)}`);
  const hash = table.hasWholeKey
    ? `pg_catalog.hashint8extended(${columns[0] ?? "0"}::int8, 0)`
    : `pg_catalog.hashtextextended(ROW(${columns.join(", ")})::text COLLATE "C", 0)`;
  return `(${hash} & ${every - 1}) = 0`;
}

/**
 * One pass over the table; a row that is not chosen costs the hash of its key alone. A row's hash is never null. Of a
 * sampled table the hashes come from an inner query that the planner keeps apart (OFFSET 0): the same as an aggregate's
 * FILTER, the whole row was put together for every row, which took twice as long.
 */
function hashQuery(table: SourceTable, plan: Pick<ContentHash, "method" | "every">): string {
  const hash = 'pg_catalog.hashtextextended((one_row.*)::text COLLATE "C", 0)';
  const from = `FROM ONLY ${quoted(table)} AS one_row`;
  if (plan.method === "full") return `SELECT count(*)::text AS rows, count(*)::text AS hashed, coalesce(sum(${hash}), 0)::text AS sum ${from}`;
  const rows = `SELECT CASE WHEN ${chosen(table, plan.every)} THEN ${hash} END AS hash ${from} OFFSET 0`;
  return `SELECT count(*)::text AS rows, count(one.hash)::text AS hashed, coalesce(sum(one.hash), 0)::text AS sum FROM (${rows}) AS one`;
}

/** Rows and hash of one table, hashed as `plan` says. */
export async function tableFacts(client: pg.Client, table: SourceTable, plan: Pick<ContentHash, "method" | "every">): Promise<TableFacts> {
  const { rows } = await client.query<{ rows: string; hashed: string; sum: string }>(hashQuery(table, plan));
  const found = rows[0] ?? { rows: "0", hashed: "0", sum: "0" };
  return { schema: table.schema, name: table.name, rows: Number(found.rows), bytes: table.bytes, hash: { ...plan, rows: Number(found.hashed), sum: found.sum } };
}

/** Extensions that are installed, but for the language that every database has. */
export async function liveExtensions(client: pg.Client): Promise<DatabaseContent["extensions"]> {
  return (await client.query<DatabaseContent["extensions"][number]>(EXTENSIONS)).rows;
}

export async function liveSequences(client: pg.Client): Promise<LiveSequence[]> {
  return (await client.query<LiveSequence>(SEQUENCES)).rows;
}

/** Everything but tables. */
export async function surroundings(client: pg.Client): Promise<Omit<DatabaseContent, "kind" | "tables" | "consistency">> {
  const one = async <T extends pg.QueryResultRow>(sql: string) => (await client.query<T>(sql)).rows;
  const database = await one<{ database: string; encoding: string; collation: string }>(
    `SELECT datname AS database, pg_catalog.pg_encoding_to_char(encoding) AS encoding, datcollate AS collation FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`,
  );
  const objects = await one<{ kind: string; count: number }>(OBJECTS);
  const largeObjects = await one<{ count: number; sum: string }>(LARGE_OBJECTS);
  return {
    ...(database[0] ?? { database: "", encoding: "", collation: "" }),
    sequences: (await liveSequences(client)).map(({ schema, name, lastValue }) => ({ schema, name, lastValue })),
    extensions: await liveExtensions(client),
    objects: Object.fromEntries(objects.map(({ kind, count }) => [kind, count])),
    largeObjects: largeObjects[0] ?? { count: 0, sum: "0" },
  };
}

/** Version like "18.4", and what recognises this database again. */
export async function identify(client: pg.Client): Promise<{ version: string; major: number; fingerprint: string }> {
  const { rows } = await client.query<{ number: number; system: string; database: string }>(
    `SELECT pg_catalog.current_setting('server_version_num')::int AS number, (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS system, pg_catalog.current_database() AS database`,
  );
  const { number = 0, system = "", database = "" } = rows[0] ?? {};
  const major = Math.floor(number / 10_000);
  return { version: `${major}.${number % 10_000}`, major, fingerprint: `${system}/${database}` };
}
