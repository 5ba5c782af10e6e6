/**
 * A pg-boss of the team, by SQL on its tables. Versions 12.0 (schema 26) to the one this console itself uses are known;
 * a newer schema is refused, because its tables may mean something else.
 */
import type pg from "pg";
import { Prisma } from "../../../platform/db.ts";
import { ConnectionConfig, type Abilities, type ConfigOf, type JobOperation, type QueueOperation } from "../../schema/index.ts";
import type { Adapter, OpenWith, QueueSystem } from "../adapter.ts";
import { act } from "../boss/act.ts";
import { table, type Desk } from "../boss/desk.ts";
import { findIds, getJob, listJobs } from "../boss/jobs.ts";
import { addJob, drain, readFacts, readSchedules, runSchedule } from "../boss/queue-operations.ts";
import { readQueues } from "../boss/read-queues.ts";
import { readRedrives } from "../redrives.ts";
import type { Trail } from "../trail.ts";

const DEFAULT_PORT = 5_432;
/** pg-boss 11.1 and all of 12 up to 12.5. */
const OLDEST_SCHEMA = 26;
/** Of the pg-boss that this console is built with; a test holds them together. */
export const NEWEST_SCHEMA = 43;
const KEEP_WAITING_SECONDS = 14 * 24 * 60 * 60;

const CAN: Abilities = {
  retry: true,
  promote: true,
  discard: true,
  moveToDead: true,
  changePriority: true,
  redrive: true,
  pause: "pg-boss has no pause that its workers would heed: stop the workers instead.",
  resume: "pg-boss has no pause that its workers would heed.",
  setRateCap: "pg-boss has no rate cap that its workers would heed.",
  drain: true,
  runSchedule: true,
  enqueueTest: true,
};

const READ_ONLY = "The database user of this connection may only read.";
const WRITES = Object.keys(CAN).filter((name) => CAN[name as JobOperation | QueueOperation] === true);
const CAN_READ_ONLY: Abilities = { ...CAN, ...(Object.fromEntries(WRITES.map((name) => [name, READ_ONLY])) as Partial<Abilities>) };

/** Statements on the pool; a batch of them on one connection in one transaction. */
function deskOn(pool: Pick<pg.Pool, "query">, facts: { connection: string; schema: string; columns: ReadonlySet<string> }): Desk {
  return {
    connection: facts.connection,
    schema: facts.schema,
    run: async <Row>(_ctx: unknown, sql: Prisma.Sql) => (await pool.query(sql.text, sql.values)).rows as Row[],
    hidden: [],
    unkeyed: null,
    has: (column) => facts.columns.has(column),
    keepWaitingSeconds: KEEP_WAITING_SECONDS,
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let trouble: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    trouble = error as Error;
    throw error;
  } finally {
    // A connection in a broken transaction is not given to the next one.
    client.release(trouble);
  }
}

async function readSchemaVersion(pool: pg.Pool, schema: string): Promise<{ value: number; detail: string }> {
  const { rows: there } = await pool.query<{ found: string | null }>("SELECT to_regclass(format('%I.version', $1::text))::text AS found", [schema]);
  if (!there[0]?.found) throw new Error(`there is no pg-boss in the schema ${schema}`);
  const { rows } = await pool.query<{ version: number }>(`SELECT version FROM ${table({ schema }, "version").sql}`);
  const version = rows[0]?.version ?? 0;
  if (version > NEWEST_SCHEMA) throw new Error(`its tables are of schema ${version}, newer than ${NEWEST_SCHEMA}, the newest this console knows. Update the console`);
  if (version < OLDEST_SCHEMA) throw new Error(`its tables are of schema ${version}, older than pg-boss 12. Update pg-boss`);
  return { value: version, detail: `pg-boss with schema version ${version}` };
}

async function readRights(pool: pg.Pool, schema: string): Promise<{ value: { columns: Set<string>; mayWrite: boolean }; detail: string }> {
  const { rows } = await pool.query<{ columns: string[]; mayRead: boolean; mayWrite: boolean }>(
    `SELECT (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = format('%I.job', $1::text)::regclass AND attnum > 0 AND NOT attisdropped) AS columns,
       has_table_privilege(format('%I.job', $1::text), 'SELECT') AND has_table_privilege(format('%I.queue', $1::text), 'SELECT') AS "mayRead",
       has_table_privilege(format('%I.job', $1::text), 'INSERT, UPDATE, DELETE') AND NOT pg_is_in_recovery() AS "mayWrite"`,
    [schema],
  );
  const facts = rows[0];
  if (!facts?.mayRead) throw new Error(`the user may not read ${schema}.job`);
  return { value: { columns: new Set(facts.columns), mayWrite: facts.mayWrite }, detail: facts.mayWrite ? "may read and write" : "may read only, so operations are switched off" };
}

async function connect({ ctx, config, trail }: { ctx: OpenWith["ctx"]; config: ConfigOf<"pgboss">; trail: Trail }) {
  const url = new URL(config.url);
  const target = await trail.reach(ctx, url.hostname, url.port === "" ? DEFAULT_PORT : Number(url.port));
  const { openPool } = await import("./pool.ts");
  const pool = openPool(url, target);
  try {
    await trail.take("signIn", async () => {
      const { rows } = await pool.query<{ who: string; version: string }>("SELECT current_user AS who, current_setting('server_version') AS version");
      return { value: null, detail: `signed in as ${rows[0]?.who} to PostgreSQL ${rows[0]?.version}` };
    });
    const version = await trail.take("version", () => readSchemaVersion(pool, config.schema));
    const rights = await trail.take("rights", () => readRights(pool, config.schema));
    return { pool, version, ...rights };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function open({ ctx, connection, config: given, trail }: OpenWith): Promise<QueueSystem> {
  const config = ConnectionConfig.parse(given) as ConfigOf<"pgboss">;
  const { pool, version, columns, mayWrite } = await connect({ ctx, config, trail });
  const facts = { connection, schema: config.schema, columns };
  const desk = deskOn(pool, facts);
  return {
    can: mayWrite ? CAN : CAN_READ_ONLY,
    found: `pg-boss, schema version ${version}`,
    isTransactional: false,
    readQueues: (reader, wanted) => readQueues(desk, reader, wanted),
    readInside: async (reader, queue) => {
      const [queueFacts, schedules] = await Promise.all([readFacts(desk, reader, queue), readSchedules(desk, reader, queue)]);
      return { facts: queueFacts, workers: [], schedules, rateCap: null };
    },
    listJobs: (reader, query) => listJobs(desk, reader, query),
    getJob: async (reader, wanted) => {
      const job = await getJob(desk, reader, wanted);
      if (!job) return null;
      const record = job.state === "dead" && job.relatedId ? job.relatedId : job.id;
      return { ...job, redrives: (await readRedrives(reader, connection, [record])).get(record) ?? 0 };
    },
    findIds: (reader, query) => findIds(desk, reader, query),
    act: (actor, batch) => inTransaction(pool, (client) => act(deskOn(client, facts), actor, batch)),
    setPaused: () => Promise.resolve(false),
    setRateCap: () => Promise.resolve(false),
    drain: (actor, queue) => drain(desk, actor, queue),
    runSchedule: (actor, queue, key) => runSchedule(desk, actor, { queue, key }),
    enqueueTest: (actor, queue, data) => addJob(desk, actor, { queue, data }),
    close: () => pool.end(),
  };
}

export const pgbossAdapter: Adapter = { kind: "pgboss", can: CAN, open };
