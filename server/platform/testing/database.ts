/**
 * A database of its own for a test file, cloned from the migrated template in some 50 ms and dropped afterwards.
 *
 *     const database = testDatabase();
 *     test("…", async () => {
 *       const ctx = testContext({ db: database.db, actor: asActor("editor") });
 *     });
 */
import crypto from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import type { PrismaClient } from "../../../prisma/generated/client.ts";
import { openDatabase, type Database } from "../db.ts";
import { runAsAdmin, withDatabase } from "./server.ts";

// What a test with a database also needs; pure tests import context.ts alone.
export { asActor, manualClock, testContext } from "./context.ts";

/** Enough for tests that race several transactions; ten files in parallel stay far below the server's 300. */
const POOL_MAX = 10;
const QUERY_TIMEOUT_MS = 10_000;

export type TestDatabase = {
  /** The Prisma client; use it as `ctx.db`. Available from beforeAll on. */
  readonly db: PrismaClient;
  /** Plain connections to the same database. */
  readonly pool: pg.Pool;
  /** For code that opens its own connections (queue, LISTEN, child processes). */
  readonly url: string;
};

/** Creates a clone of the template and returns its URL; `drop` removes it with everybody still connected. */
export async function cloneDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { adminUrl, template } = inject("server");
  const name = `seaworthy_test_${crypto.randomBytes(6).toString("hex")}`;
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: withDatabase(adminUrl, name), drop: () => runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** An empty database without any table, for tests of migrations. */
export async function emptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { adminUrl } = inject("server");
  const name = `seaworthy_test_${crypto.randomBytes(6).toString("hex")}`;
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name}`);
  return { url: withDatabase(adminUrl, name), drop: () => runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Registers the hooks that give the calling test file (or `describe`) its own database. */
export function testDatabase(): TestDatabase {
  let open: (Database & { url: string; drop: () => Promise<void> }) | undefined;
  const opened = () => {
    if (!open) throw new Error("testDatabase() is usable from beforeAll on, not while the file is read.");
    return open;
  };

  beforeAll(async () => {
    const clone = await cloneDatabase();
    const database = openDatabase({
      url: clone.url,
      poolMax: POOL_MAX,
      queryTimeoutMs: QUERY_TIMEOUT_MS,
      connectTimeoutMs: QUERY_TIMEOUT_MS,
      applicationName: "seaworthy test",
    });
    open = { ...database, ...clone };
  });

  afterAll(async () => {
    await open?.close();
    await open?.drop();
  });

  return {
    get db() {
      return opened().client;
    },
    get pool() {
      return opened().pool;
    },
    get url() {
      return opened().url;
    },
  };
}
