/**
 * A PostgreSQL server that a plan names for its drills. It is told apart from the source by the identifier that initdb
 * gives each cluster and that replicas share, so neither the source nor a copy of it under another address is ever used.
 */
import type pg from "pg";
import { config } from "../platform/config.ts";
import type { Context } from "../platform/context.ts";
import { AppError, toAppError } from "../platform/errors.ts";
import type { Finding } from "./engines/engine.ts";
import type { Reach } from "./engines/source.ts";
import { availableOn, missingExtensions } from "./extensions.ts";
import { hostOf } from "./restore-target.ts";

/** Every server has it; a drill's own database is created from there. */
const MAINTENANCE = "postgres";
const PREFIX = "seaworthy_drill_";
const LOOK_TIMEOUT_MS = 15_000;
/** Roles that a restore makes for itself, see database-place.ts. */
const RESTORE_ROLE = /^restore_[0-9a-f]{12}$/;

/** A server, and the database of it that is meant where that is not its maintenance database. */
export type Address = { url: string; reach: Reach; database?: string };

/** The server of a plan's setting; people entered it, so it is reached through the guard. */
export const drillServerAt = (url: string): Address => ({ url, reach: "guarded" });

/** The name of a drill's database on a server that others use too. */
export const drillDatabase = (drillId: string): string => PREFIX + drillId.replace(/^drl_/, "").toLowerCase();

const systemOf = (fingerprint: string | null): string | null => fingerprint?.split("/")[0] || null;

/** Runs `work` on a database of the server. */
export async function onDrillServer<T>(ctx: Context, { database = MAINTENANCE, ...at }: Address, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const [{ resolvePostgres, withDatabaseName }, { withClient }] = await Promise.all([import("./engines/postgres/address.ts"), import("./engines/postgres/connect.ts")]);
  const resolved = await resolvePostgres({ url: withDatabaseName(at.url, database), reach: at.reach }, { http: ctx.http, signal: ctx.signal });
  return withClient(resolved, ctx.signal, work);
}

type Identity = { system: string | null; major: number; version: string };

async function identityOf(client: pg.Client): Promise<Identity> {
  const { identify } = await import("./engines/postgres/content.ts");
  const { fingerprint, major, version } = await identify(client);
  return { system: systemOf(fingerprint), major, version };
}

/** The identifier of a server that may be away; null when it cannot be asked now. */
async function systemAt(ctx: Context, at: Address): Promise<string | null> {
  const { databaseOf } = await import("./engines/postgres/address.ts");
  return onDrillServer(ctx, { ...at, database: databaseOf(at.url) }, async (client) => (await identityOf(client)).system).catch(() => null);
}

const IS_SOURCE = "The drill server is the server that the plan backs up, or a replica of it. Choose another one.";
const IS_OWN = "The drill server is the one that keeps the console's own database. Choose another one.";
const UNKNOWN = "The drill server cannot be told apart from the source: one of them does not say its system identifier.";

/** Throws `precondition` unless the server is certainly another one than the source and than the console's. */
export async function refuseSource(ctx: Context, client: pg.Client, source: { fingerprint: string | null; live: Address | null }): Promise<Identity> {
  const found = await identityOf(client);
  const backedUp = systemOf(source.fingerprint);
  if (found.system === null || backedUp === null) throw new AppError("precondition", UNKNOWN);
  const live = source.live === null ? null : await systemAt(ctx, source.live);
  if (found.system === backedUp || found.system === live) throw new AppError("precondition", IS_SOURCE);
  if (found.system === (await systemAt(ctx, { url: config().DATABASE_URL, reach: "direct" }))) throw new AppError("precondition", IS_OWN);
  return found;
}

const RIGHTS = "SELECT rolsuper OR (rolcreatedb AND rolcreaterole) AS may FROM pg_catalog.pg_roles WHERE rolname = current_user";

/** What a drill server is held against. */
type DrillSource = { fingerprint: string | null; version: string | null; extensions: readonly string[]; live: Address | null };

async function lookAt(ctx: Context, at: Address, source: DrillSource): Promise<Finding> {
  const warn = (message: string): Finding => ({ level: "warning", code: "drill-server", message });
  return onDrillServer(ctx, at, async (client) => {
    const { major, version } = await refuseSource(ctx, client, source);
    const { rows } = await client.query<{ may: boolean }>(RIGHTS);
    if (!rows[0]?.may) return warn("The user of the drill server may not create databases and roles. Grant CREATEDB and CREATEROLE.");
    if (source.version !== null && major < Number.parseInt(source.version, 10)) return warn(`The drill server (${version}) is older than the source (${source.version}); a restore there may fail.`);
    const missing = missingExtensions(source.extensions, await availableOn(client), `The drill server (${hostOf(at.url)})`);
    if (missing !== null) return warn(`${missing} Install it there, or drills cannot prove a restore.`);
    return { level: "ok", code: "drill-server", message: `Drills restore on ${hostOf(at.url)}, PostgreSQL ${version}, which is not the source.` };
  });
}

/**
 * What a drill would meet. A drill server that cannot be used does not keep backups from being taken, so it warns; one that
 * is the source is marked, and is never saved.
 */
export async function lookAtDrillServer(ctx: Context, at: Address, source: DrillSource): Promise<{ finding: Finding; isRefused: boolean }> {
  const signal = AbortSignal.any([AbortSignal.timeout(LOOK_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
  try {
    return { finding: await lookAt({ ...ctx, signal }, at, source), isRefused: false };
  } catch (error) {
    ctx.signal?.throwIfAborted();
    const { message, code } = toAppError(error);
    return { finding: { level: "warning", code: "drill-server", message: `Drills cannot run now. ${message}` }, isRefused: code === "precondition" && [IS_SOURCE, IS_OWN].includes(message) };
  }
}

async function dropDatabase(client: pg.Client, name: string, owner: string): Promise<void> {
  const { default: driver } = await import("pg");
  await client.query(`DROP DATABASE IF EXISTS ${driver.escapeIdentifier(name)} WITH (FORCE)`);
  if (RESTORE_ROLE.test(owner)) await client.query(`DROP ROLE IF EXISTS ${driver.escapeIdentifier(owner)}`);
}

type Left = { name: string; owner: string };

/** Databases on the server that belong to these drills, with whatever suffix a restore gave them. */
async function databasesOf(client: pg.Client, isWanted: (drillId: string) => boolean): Promise<Left[]> {
  const { rows } = await client.query<Left>(`SELECT datname AS name, pg_catalog.pg_get_userbyid(datdba) AS owner FROM pg_catalog.pg_database WHERE pg_catalog.starts_with(datname, '${PREFIX}')`);
  return rows.filter(({ name }) => isWanted(`drl_${(name.slice(PREFIX.length).split("_")[0] ?? "").toUpperCase()}`));
}

/** Removes what a drill made on the server: its database, finished or not, and its roles. */
export async function clearDrill(ctx: Context, at: Address, drill: { id: string; reader: string }): Promise<void> {
  const { default: driver } = await import("pg");
  await onDrillServer(ctx, at, async (client) => {
    for (const { name, owner } of await databasesOf(client, (id) => id === drill.id)) await dropDatabase(client, name, owner);
    await client.query(`DROP ROLE IF EXISTS ${driver.escapeIdentifier(drill.reader)}`);
  });
}

/** Removes what killed drills of this console left on the server. Databases of other consoles are left alone. */
export async function sweepDrillServer(ctx: Context, client: pg.Client): Promise<number> {
  const known = await databasesOf(client, () => true);
  const ids = known.map(({ name }) => `drl_${(name.slice(PREFIX.length).split("_")[0] ?? "").toUpperCase()}`);
  const ended = new Set((await ctx.db.backupDrill.findMany({ where: { id: { in: ids }, activeKey: null }, select: { id: true } })).map(({ id }) => id));
  const left = known.filter((_one, index) => ended.has(ids[index] ?? ""));
  for (const { name, owner } of left) await dropDatabase(client, name, owner);
  return left.length;
}
