/**
 * Backups against the plain pipes of the same run: pg_dump into zstd, and pg_dump into gzip. The database is pgbench's
 * with others and odd types beside it, on the server of the system's own PostgreSQL, for only that has a client which fits.
 * `BENCH_BACKUPS_MB` sets its size; the figures of docs are of 1000.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { takeBackup } from "../server/backups/archive/take.ts";
import { findPgDump } from "../server/backups/engines/pg-dump/client.ts";
import { environmentFor, resolvePostgres, withDatabaseName } from "../server/backups/engines/postgres/address.ts";
import { backupKeys } from "../server/backups/keys/backup-keys.ts";
import { restoreBackup } from "../server/backups/restore/restore.ts";
import { HASH_FULL_UP_TO_BYTES } from "../server/backups/schema/hash-limit.ts";
import type { EngineKind, Manifest } from "../server/backups/schema/manifest.ts";
import { openLocalStore } from "../server/backups/stores/local.ts";
import type { Store } from "../server/backups/stores/store.ts";
import { startSystemPostgres } from "../server/backups/testing/system-postgres.ts";
import { startScratchCluster } from "../server/platform/testing/scratch-cluster.ts";
import { createOutbound } from "../server/platform/http/guarded.ts";
import type { Figure } from "./figure.ts";

const DEFAULT_MB = 150;
/** Of each megabyte of dump: rows of accounts, orders, events and odd types, and the bytes that one takes. */
const TABLES = { accounts: { share: 0.45, bytes: 100 }, orders: { share: 0.25, bytes: 130 }, events: { share: 0.2, bytes: 210 }, odd: { share: 0.1, bytes: 190 } };
const ROUNDS = 3;
const SAMPLE_MS = 50;
const world = { http: createOutbound({}), now: () => new Date() };
const keys = backupKeys({ current: "k1", keys: new Map([["k1", Buffer.alloc(32, 7)]]) });

/** Four tables with ten indexes that compress to about a quarter, as live data does: blank columns alone would flatter whatever compresses. */
async function fill(url: string, megabytes: number): Promise<void> {
  const rows = (name: keyof typeof TABLES) => Math.round((megabytes * 1_000_000 * TABLES[name].share) / TABLES[name].bytes);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84));
    INSERT INTO pgbench_accounts SELECT i, i / 100000 + 1, (hashint4(i) % 100000), left(md5(i::text), 24) || ' account of harbour ' || i % 977 FROM generate_series(1, ${rows("accounts")}) i;
    CREATE TABLE orders (id bigserial PRIMARY KEY, aid int, placed timestamptz, total numeric(12,2), state text, note text);
    INSERT INTO orders (aid, placed, total, state, note) SELECT abs(hashint4(i)) % 1000000, timestamptz '2026-01-01' + i * interval '7 seconds', (abs(hashint4(i)) % 1000000) / 100.0,
      (ARRAY['open','paid','sent','back'])[i % 4 + 1], 'Berth ' || i % 311 || ', crane ' || abs(hashint4(i + 1)) % 97 || ', ' || md5(i::text) FROM generate_series(1, ${rows("orders")}) i;
    CREATE TABLE events (id bigserial PRIMARY KEY, at timestamptz, kind text, doc jsonb);
    INSERT INTO events (at, kind, doc) SELECT now() - i * interval '1 second', 'kind-' || i % 23, jsonb_build_object('request', md5(i::text), 'ms', abs(hashint4(i)) % 5000, 'path', '/api/v1/services/' || i % 2000, 'agent', 'client/1.' || i % 9, 'ok', i % 7 <> 0)
      FROM generate_series(1, ${rows("events")}) i;
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE odd (id bigserial PRIMARY KEY, data bytea, doc jsonb, tags text[], m mood, at timestamptz, n numeric);
    INSERT INTO odd (data, doc, tags, m, at, n) SELECT decode(md5(i::text), 'hex'), jsonb_build_object('a', i, 'b', md5(i::text)), ARRAY['x', i::text], 'ok', now(), i / 7.0
      FROM generate_series(1, ${rows("odd")}) i;
    CREATE INDEX ON pgbench_accounts (bid); CREATE INDEX ON orders (aid); CREATE INDEX ON orders (placed); CREATE INDEX ON orders (state);
    CREATE INDEX ON events (at); CREATE INDEX ON events (kind)`);
  await client.query("VACUUM ANALYZE");
  await client.end();
}

/** Seconds of a pipe of the shell, which ends with whatever program failed. */
function pipe(command: string, env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-o", "pipefail", "-c", command], { env: { ...env, PATH: process.env.PATH }, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve((performance.now() - started) / 1_000) : reject(new Error(`${command} ended with ${code}`))));
  });
}

type Taken = { seconds: number; manifest: Manifest; extraMb: number };

async function take(url: string, kind: EngineKind, place: { store: Store; scratch: string; round: number }): Promise<Taken> {
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), SAMPLE_MS);
  const started = performance.now();
  try {
    const { manifest } = await takeBackup(
      {
        id: `bkp_bench${kind.replace("-", "")}${place.round}`,
        plan: { id: null, name: `bench ${kind}` },
        trigger: "manual",
        source: { kind: "postgres", url, reach: "direct" },
        sourceLabel: "bench",
        engine: { kind, reason: "bench" },
        stores: [{ id: "local", store: place.store }],
        keys,
        cipher: "aes-256-gcm",
        settings: { hashFullUpToBytes: HASH_FULL_UP_TO_BYTES },
        scratchParent: place.scratch,
        onProgress: () => undefined,
      },
      world,
    );
    return { seconds: (performance.now() - started) / 1_000, manifest, extraMb: (most - before) / 1_048_576 };
  } finally {
    clearInterval(watch);
  }
}

const fastest = (values: number[]) => Math.min(...values);

/** Seconds of a restore until it serves and was compared, and of the whole drill around it: a cluster started and destroyed. */
async function drillSeconds(manifest: Manifest, place: { store: Store; scratch: string }): Promise<{ restore: number; drill: number }> {
  const began = performance.now();
  const cluster = await startScratchCluster(path.join(place.scratch, "drill"));
  const started = performance.now();
  let restored = started;
  try {
    await restoreBackup(
      { store: place.store, manifest, keys, place: { kind: "database", url: cluster.url, reach: "direct", database: "restored", mode: "create", isUntrusted: true }, selection: {}, scratchParent: place.scratch, onProgress: () => undefined },
      world,
    );
    restored = performance.now();
  } finally {
    await cluster.destroy();
  }
  return { restore: (restored - started) / 1_000, drill: (performance.now() - began) / 1_000 };
}

async function measure(url: string, folder: string): Promise<Figure[]> {
  const client = await findPgDump();
  if (!client) throw new Error("This machine has no pg_dump.");
  const env = environmentFor(await resolvePostgres({ url, reach: "direct" }, world), folder);
  const place = { store: await openLocalStore({ kind: "local", folder: path.join(folder, "store") }), scratch: path.join(folder, "scratch") };
  const raw: number[] = [];
  const own: Taken[] = [];
  const portable: Taken[] = [];
  // Rounds alternate, so that a busy machine is busy for all alike.
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(await pipe(`'${client.file}' -Fp | zstd -3 -T2 -q > '${folder}/raw.zst'`, env));
    own.push(await take(url, "pg-dump", { ...place, round }));
    portable.push(await take(url, "portable", { ...place, round }));
  }
  const gzip = await pipe(`'${client.file}' -Fp | gzip > '${folder}/raw.gz'`, env);
  const [rawBest, ownBest, portableBest] = [fastest(raw), fastest(own.map((one) => one.seconds)), fastest(portable.map((one) => one.seconds))];
  const last = own.at(-1);
  if (!last) throw new Error("Nothing was measured.");
  const drilled = await drillSeconds(last.manifest, place);
  const gigabytes = last.manifest.plainBytes / 1_000_000_000;
  const compressed = last.manifest.plainBytes / fs.statSync(path.join(folder, "raw.zst")).size;
  const note = `${Math.round(last.manifest.plainBytes / 1_000_000)} MB of dump that compress to 1/${compressed.toFixed(1)}, raw ${rawBest.toFixed(1)} s, gzip ${gzip.toFixed(1)} s`;
  return [
    { name: "backups-throughput-of-raw-pipe", value: rawBest / ownBest, unit: "ratio", goal: ">=0.85", note },
    { name: "backups-portable-of-raw-pipe", value: rawBest / portableBest, unit: "ratio", goal: ">=0.6" },
    { name: "backups-faster-than-gzip", value: gzip / ownBest, unit: "ratio", goal: ">=3" },
    { name: "backups-size-of-raw-pipe", value: last.manifest.archive.bytes / fs.statSync(path.join(folder, "raw.zst")).size, unit: "ratio", goal: "<=1.2" },
    { name: "backups-memory-above-idle", value: Math.max(...own.map((one) => one.extraMb), ...portable.map((one) => one.extraMb)), unit: "MB", goal: "<=250" },
    { name: "backups-restore-to-serving-per-gb", value: drilled.restore / gigabytes, unit: "s", goal: "<=600", note: "restored into an ephemeral cluster and compared" },
    { name: "backups-drill-of-restore", value: drilled.drill / drilled.restore, unit: "ratio", goal: "<=1.5", note: "a whole drill, the cluster started and destroyed" },
  ];
}

/** Figures of taking and restoring backups. */
export async function run(): Promise<Figure[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-bench-backups-"));
  const server = await startSystemPostgres();
  try {
    const setup = new pg.Client({ connectionString: server.url });
    await setup.connect();
    await setup.query("CREATE DATABASE bench");
    await setup.end();
    const url = withDatabaseName(server.url, "bench");
    await fill(url, Number(process.env.BENCH_BACKUPS_MB ?? DEFAULT_MB));
    return await measure(url, folder);
  } finally {
    await server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
