/**
 * Vitest's global setup for tests with a database: one throw-away PostgreSQL for the whole run (the embedded one, or
 * the server that SEAWORTHY_TEST_DATABASE_URL names as its superuser), and in it one migrated database that every test
 * file clones. Projects share it within a run.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../embedded/cluster.ts";
import { applyMigrations } from "../migrations.ts";

export type TestServer = {
  /** URL of the maintenance database, as superuser. */
  adminUrl: string;
  /** Name of the migrated database to clone. */
  template: string;
};

declare module "vitest" {
  interface ProvidedContext {
    server: TestServer;
  }
}

type Started = { server: TestServer; close: () => Promise<void>; users: number };
const holder = globalThis as { seaworthyTestServer?: Promise<Started> };

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.toString();
}

/** Runs one statement on the maintenance database. */
export async function runAsAdmin(adminUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function openServer(): Promise<{ adminUrl: string; close: () => Promise<void> }> {
  const given = process.env.SEAWORTHY_TEST_DATABASE_URL;
  // Test processes inherit our environment, and the product refuses names that it does not know.
  delete process.env.SEAWORTHY_TEST_DATABASE_URL;
  if (given) return { adminUrl: withDatabase(given, "postgres"), close: () => Promise.resolve() };
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-test-"));
  const embedded = await startEmbedded({ dataDir, isThrowAway: true });
  const close = async () => {
    await embedded.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  };
  return { adminUrl: withDatabase(embedded.url, "postgres"), close };
}

async function installQueue(url: string): Promise<void> {
  const file = path.join(import.meta.dirname, "../queue/install.ts");
  if (!fs.existsSync(file)) return;
  const queue = (await import(file)) as { installQueue: (url: string) => Promise<void> };
  await queue.installQueue(url);
}

async function startServer(): Promise<Started> {
  const { adminUrl, close } = await openServer();
  const template = `seaworthy_template_${process.pid}`;
  await runAsAdmin(adminUrl, `CREATE DATABASE ${template}`);
  const url = withDatabase(adminUrl, template);
  await applyMigrations(url);
  await installQueue(url);
  const drop = () => runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  return { server: { adminUrl, template }, close: () => drop().then(close), users: 0 };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  holder.seaworthyTestServer ??= startServer();
  const started = await holder.seaworthyTestServer;
  started.users += 1;
  project.provide("server", started.server);
  return async () => {
    started.users -= 1;
    if (started.users > 0) return;
    holder.seaworthyTestServer = undefined;
    await started.close();
  };
}
