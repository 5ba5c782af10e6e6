/**
 * A database under construction. It carries a name of its own until it is proven; then one transaction gives it the
 * wanted name and keeps a former database of that name under another. Whatever fails before leaves the former one in place.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { AppError } from "../../platform/errors.ts";
import { leftBehind } from "../archive/left-behind.ts";
import { stampOf } from "../archive/names.ts";
import type { RestorePlace, World } from "../archive/operations.ts";
import type { EngineTarget } from "../engines/engine.ts";
import { resolvePostgres, withDatabaseName } from "../engines/postgres/address.ts";
import { withClient } from "../engines/postgres/connect.ts";
import type { DatabaseContent } from "../schema/manifest.ts";

export type DatabasePlace = Extract<RestorePlace, { kind: "database" }>;
type DatabaseTarget = Extract<EngineTarget, { kind: "database" }>;

/** Longest name that PostgreSQL keeps (NAMEDATALEN - 1). */
const NAME_BYTES = 63;
/** Every server has it; renaming needs a connection to another database. */
const MAINTENANCE = "postgres";
const SESSIONS_GONE_MS = 10_000;
const POLL_MS = 50;
const PASSWORD_BYTES = 24;

const id = pg.escapeIdentifier;

/** `name` shortened so that `name + suffix` fits. */
function nameWith(name: string, suffix: string): string {
  let short = name;
  while (Buffer.byteLength(short + suffix) > NAME_BYTES) short = short.slice(0, -1);
  return short + suffix;
}

/** Runs `work` on the server's maintenance database. */
async function onServer<T>(place: DatabasePlace, world: World, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const at = await resolvePostgres({ url: withDatabaseName(place.url, MAINTENANCE), reach: place.reach }, world);
  return withClient(at, world.signal, work);
}

const exists = async (client: pg.Client, name: string) => (await client.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", [name])).rowCount === 1;

async function create(client: pg.Client, name: string, content: DatabaseContent): Promise<void> {
  const plain = `CREATE DATABASE ${id(name)} TEMPLATE template0 ENCODING ${pg.escapeLiteral(content.encoding)}`;
  try {
    await client.query(`${plain} LOCALE ${pg.escapeLiteral(content.collation)}`);
  } catch (error) {
    const WRONG_LOCALE = new Set(["42809", "22023"]);
    if (!WRONG_LOCALE.has((error as { code?: string }).code ?? "")) throw error;
    await client.query(plain);
  }
}

export type Construction = {
  target: DatabaseTarget;
  /** Takes the role away that restored, so the objects belong to whoever owns the connection. */
  adopt: () => Promise<void>;
  /** Gives the final name. Returns the name under which a former database is kept. */
  publish: (now: Date) => Promise<string | null>;
  /** Removes everything that was made. Returns the failure to throw: the given one, with what could not be removed. */
  abandon: (failure: unknown) => Promise<unknown>;
};

async function terminateSessions(client: pg.Client, name: string): Promise<void> {
  await client.query(`ALTER DATABASE ${id(name)} WITH ALLOW_CONNECTIONS false`);
  const deadline = performance.now() + SESSIONS_GONE_MS;
  for (;;) {
    const { rowCount } = await client.query("SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1", [name]);
    if (rowCount === 0) return;
    if (performance.now() > deadline) throw new AppError("unavailable", `Sessions in ${name} do not end. It was not replaced.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function swap(client: pg.Client, names: { draft: string; wanted: string; former: string }): Promise<void> {
  await terminateSessions(client, names.wanted);
  try {
    await client.query("BEGIN");
    await client.query(`ALTER DATABASE ${id(names.wanted)} RENAME TO ${id(names.former)}`);
    await client.query(`ALTER DATABASE ${id(names.draft)} RENAME TO ${id(names.wanted)}`);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    await client.query(`ALTER DATABASE ${id(names.wanted)} WITH ALLOW_CONNECTIONS true`);
    throw error;
  }
  await client.query(`ALTER DATABASE ${id(names.former)} WITH ALLOW_CONNECTIONS true`);
}

async function publish(client: pg.Client, place: DatabasePlace, names: { draft: string; now: Date }): Promise<string | null> {
  if (!(await exists(client, place.database))) {
    await client.query(`ALTER DATABASE ${id(names.draft)} RENAME TO ${id(place.database)}`);
    return null;
  }
  if (place.mode === "create") throw new AppError("conflict", `A database ${place.database} appeared meanwhile. It was not changed; the restored one was removed.`);
  const former = nameWith(place.database, `_before_${stampOf(names.now)}`);
  await swap(client, { draft: names.draft, wanted: place.database, former });
  return former;
}

/** A role that owns the new database and nothing else, so that functions and checks of a dump run without rights on the server. */
async function createOwner(client: pg.Client, draft: string, name: string): Promise<{ name: string; password: string }> {
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  await client.query(`CREATE ROLE ${id(name)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`);
  await client.query(`GRANT ${id(name)} TO CURRENT_USER`);
  await client.query(`ALTER DATABASE ${id(draft)} OWNER TO ${id(name)}`);
  return { name, password };
}

/** What the server's refusal of a role means for people. */
function noRole(error: unknown): unknown {
  const MAY_NOT = "42501";
  if ((error as { code?: string }).code !== MAY_NOT) return error;
  return new AppError("precondition", "The user may not create the role that a restore works as. Grant CREATEROLE, or restore as another user. Nothing was restored.", { cause: error });
}

function signedInAs(url: string, owner: { name: string; password: string }): string {
  const other = new URL(url);
  other.username = encodeURIComponent(owner.name);
  other.password = encodeURIComponent(owner.password);
  return other.toString();
}

/** Creates an empty database to restore into. Throws AppError `conflict` when a new one is wanted and the name is taken. */
export async function construct(place: DatabasePlace, content: DatabaseContent, world: World): Promise<Construction> {
  const draft = nameWith(place.database, `_restoring_${randomBytes(4).toString("hex")}`);
  const draftUrl = withDatabaseName(place.url, draft);
  // The signal of the run must not keep a failed run from cleaning up.
  const calmly = { ...world, signal: undefined };
  const drop = async (client: pg.Client, role: string | null) => {
    await client.query(`DROP DATABASE IF EXISTS ${id(draft)} WITH (FORCE)`);
    // Looked up, because who may make no roles may not even drop one that is not there.
    const isThere = role !== null && (await client.query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", [role])).rowCount === 1;
    if (isThere) await client.query(`DROP ROLE ${id(role)}`);
  };
  const isStill = (failure: unknown) => (problem: unknown) => leftBehind(failure, `The unfinished database ${draft} could not be dropped again: ${problem instanceof Error ? problem.message : String(problem)}`);
  const owner = await onServer(place, world, async (client) => {
    if (place.mode === "create" && (await exists(client, place.database))) throw new AppError("conflict", `There is a database ${place.database} already. Choose another name, or replace it.`);
    await create(client, draft, content);
    if (!place.isUntrusted) return null;
    const role = `restore_${randomBytes(6).toString("hex")}`;
    try {
      return await createOwner(client, draft, role);
    } catch (error) {
      throw await drop(client, role).then(() => noRole(error), isStill(error));
    }
  });
  const dropOwner = async () => {
    if (!owner) return;
    const at = await resolvePostgres({ url: draftUrl, reach: place.reach }, calmly);
    await withClient(at, undefined, (client) => client.query(`REASSIGN OWNED BY ${id(owner.name)} TO CURRENT_USER; DROP OWNED BY ${id(owner.name)}; DROP ROLE ${id(owner.name)}`));
  };
  return {
    target: { kind: "database", url: owner ? signedInAs(draftUrl, owner) : draftUrl, reach: place.reach, adminUrl: owner ? draftUrl : null },
    adopt: dropOwner,
    publish: (now) => onServer(place, calmly, (client) => publish(client, place, { draft, now })),
    abandon: (failure) => onServer(place, calmly, (client) => drop(client, owner?.name ?? null)).then(() => failure, isStill(failure)),
  };
}
