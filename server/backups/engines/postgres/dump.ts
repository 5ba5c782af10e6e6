/** What the engines for one database share: pre-flight, and a dump whose facts come from the snapshot that is read. */
import type pg from "pg";
import { AppError } from "../../../platform/errors.ts";
import type { DatabaseContent } from "../../schema/manifest.ts";
import type { DumpFacts, DumpSettings, EngineWorld, Finding, Preflight } from "../engine.ts";
import type { PostgresSource } from "../source.ts";
import { resolvePostgres, type PostgresAddress } from "./address.ts";
import { connectionProblem, LOCK_NOT_AVAILABLE, LOCK_TIMEOUT_MS, schemaChanges, withClient } from "./connect.ts";
import { hashPlan, identify, liveExtensions, surroundings, tableFacts } from "./content.ts";
import { openSnapshot, type Snapshot } from "./snapshot.ts";

export const OLDEST_MAJOR = 13;
export const NEWEST_MAJOR = 18;
/** Clocks further apart than this make "data as of" a lie. */
const CLOCK_DRIFT_MS = 60_000;

const UNREADABLE = `
  SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END)
  ORDER BY 1 LIMIT 5`;

const versionFinding = (major: number, version: string): Finding =>
  major >= OLDEST_MAJOR && major <= NEWEST_MAJOR
    ? { level: "ok", code: "version", message: `PostgreSQL ${version}.` }
    : { level: "problem", code: "version", message: `PostgreSQL ${version} is not supported; ${OLDEST_MAJOR} to ${NEWEST_MAJOR} are.` };

async function look(client: pg.Client, now: Date): Promise<Preflight> {
  const { version, major, fingerprint } = await identify(client);
  const unreadable = (await client.query<{ name: string }>(UNREADABLE)).rows.map((row) => row.name);
  const { rows } = await client.query<{ bytes: number; at: Date }>("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())::float8 AS bytes, pg_catalog.clock_timestamp() AS at");
  const driftMs = Math.abs((rows[0]?.at.getTime() ?? now.getTime()) - now.getTime());
  const findings: Finding[] = [versionFinding(major, version)];
  if (unreadable.length > 0) findings.push({ level: "problem", code: "rights", message: `The user may not read ${unreadable.join(", ")}. Grant pg_read_all_data, or the missing rights.` });
  else findings.push({ level: "ok", code: "rights", message: "Every table can be read." });
  if (driftMs > CLOCK_DRIFT_MS) findings.push({ level: "warning", code: "clock", message: `The clocks of server and console differ by ${Math.round(driftMs / 1_000)} s.` });
  const extensions = (await liveExtensions(client)).map(({ name }) => name);
  return { findings, version, sourceBytes: rows[0]?.bytes ?? null, fingerprint, extensions };
}

/** Reaches the database and looks at version, rights, size and clock. Failures are findings. */
export async function preflightDatabase(source: PostgresSource, world: EngineWorld): Promise<Preflight> {
  try {
    const at = await resolvePostgres(source, world);
    return await withClient(at, world.signal, (client) => look(client, world.now()));
  } catch (error) {
    if (world.signal.aborted) throw error;
    const message = error instanceof AppError ? error.message : "The database did not answer as PostgreSQL does.";
    return { findings: [{ level: "problem", code: "reach", message }], version: null, sourceBytes: null, fingerprint: null, extensions: [] };
  }
}

async function readContent(client: pg.Client, snapshot: Snapshot, settings: DumpSettings): Promise<DatabaseContent> {
  const tables = [];
  for (const table of snapshot.tables) tables.push(await tableFacts(client, table, hashPlan(table, settings.hashFullUpToBytes)));
  return { kind: "database", consistency: "exact", tables, ...(await surroundings(client)) };
}

export type Reading = { at: PostgresAddress; snapshot: Snapshot; major: number; version: string };

/** A problem of the server in the middle of the work, for people. */
const inWords = (error: unknown, at: PostgresAddress): unknown => {
  if (error instanceof AppError) return error;
  const { code, message } = error as { code?: string; message?: string };
  if (code === LOCK_NOT_AVAILABLE) return schemaChanges(error);
  if (code === "42501") return new AppError("precondition", `The user may not read everything: ${message}.`, { cause: error });
  return code === undefined && !/Connection terminated|Client has encountered/.test(message ?? "") ? error : connectionProblem(error, at);
};

/** Holds a snapshot, and reads it by `read` while counts and hashes are taken from it. */
export async function dumpInSnapshot(
  request: { source: PostgresSource; settings: DumpSettings },
  world: EngineWorld,
  read: (reading: Reading) => Promise<Record<string, string>>,
): Promise<DumpFacts> {
  const at = await resolvePostgres(request.source, world);
  const controller = new AbortController();
  const signal = AbortSignal.any([world.signal, controller.signal]);
  return withClient(at, signal, async (client) => {
    const { version, major, fingerprint } = await identify(client);
    const finding = versionFinding(major, version);
    if (finding.level === "problem") throw new AppError("precondition", finding.message);
    const snapshot = await openSnapshot(client, request.settings.lockTimeoutMs ?? LOCK_TIMEOUT_MS);
    const stopOther = (error: unknown) => {
      controller.abort(inWords(error, at));
      throw controller.signal.reason;
    };
    const [tools, content] = await Promise.all([read({ at, snapshot, major, version }).catch(stopOther), readContent(client, snapshot, request.settings).catch(stopOther)]);
    await client.query("COMMIT");
    return { content, version, fingerprint, tools, dataAsOf: snapshot.asOf };
  }).catch((error: unknown) => {
    throw inWords(error, at);
  });
}
