import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import pg from "pg";
import { environment } from "./config.ts";
import { applyMigrations, assertMigrated, assertUsable, knownMigrations, readMigrationState } from "./migrations.ts";
import { cloneDatabase, emptyDatabase } from "./testing/database.ts";

const ROOT = path.join(import.meta.dirname, "../..");
let drops: (() => Promise<void>)[] = [];

const keep = async (made: ReturnType<typeof cloneDatabase>): Promise<string> => {
  const { url, drop } = await made;
  drops.push(drop);
  return url;
};

async function change(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

afterEach(async () => {
  for (const drop of drops) await drop();
  drops = [];
});

describe("migrations", () => {
  test("two processes that migrate at once both find the work done once", async () => {
    const url = await keep(emptyDatabase());
    const [first, second] = await Promise.all([applyMigrations(url), applyMigrations(url)]);
    expect([...first, ...second]).toEqual(knownMigrations());
    expect(await readMigrationState(url)).toEqual({ pending: [], unknown: [], failed: [] });
    expect(await applyMigrations(url)).toEqual([]);
  });

  test("a role that may not migrate names what is pending and the command", async () => {
    const url = await keep(emptyDatabase());
    const state = await readMigrationState(url);
    expect(() => assertMigrated(state)).toThrow(/0001_platform.*npm run cli -- migrate/);
  });

  test("a database of a newer version is refused and stays as it is", async () => {
    const url = await keep(cloneDatabase());
    await change(url, "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('x', 'x', '9999_future', now(), 1)");
    await expect(applyMigrations(url)).rejects.toThrow(/newer version \(9999_future\)/);
  });

  test("a migration that failed half-way is named", async () => {
    const url = await keep(cloneDatabase());
    await change(url, "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0002_access'");
    const state = await readMigrationState(url);
    expect(() => assertUsable(state)).toThrow(/0002_access failed half-way/);
  });

  test("the migrations make exactly the schema", async () => {
    const url = await keep(cloneDatabase());
    const prisma = path.join(ROOT, "node_modules/prisma/build/index.js");
    const env = { ...environment(), DATABASE_URL: url, PATH: `${path.dirname(process.execPath)}:${environment().PATH}` };
    const args = [prisma, "migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema", "--script"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
    expect(stdout).toContain("This is an empty migration");
  });
});
