/**
 * The supervisor of the embedded PostgreSQL: one cluster in `<data folder>/postgres`, listening on 127.0.0.1 only, with
 * a password. The server is detached and logs to a file, so it outlives a killed parent; whoever starts next attaches
 * to it. A killed server recovers on the next start. Any number of processes may call `startEmbedded` at once: the
 * server's own lock picks one, the others attach.
 */
import { spawn, type ChildProcess } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { AppError } from "../errors.ts";
import { ensurePrivateDir } from "../secrets.ts";
import { binary, canGrantCapabilities, hasLibrary, isRoot, unprivileged, UNPRIVILEGED } from "./binaries.ts";
import { isAlive, until } from "./live-process.ts";
import { clearStalePidFile, findPostmaster, stopPostmaster } from "./postmaster.ts";
import { DATABASE_NAME, DATABASE_USER, readSettings, urlOf, withFreePort, type Settings } from "./settings.ts";

/** Crash recovery replays at most the log since the last checkpoint, five minutes by default. */
const START_TIMEOUT_MS = 60_000;
/** Processes of a killed server need a moment to notice; until then the start is refused and tried again. */
const START_TRIES = 20;
/** What its log says then. Other reasons do not pass by waiting, so a few tries show that. */
const PASSING = /shared memory block|lock file|another server might be running|could not bind|Address already in use|the database system is (?:starting up|shutting down)/;
const TRIES_OF_OTHERS = 3;
const RETRY_AFTER_MS = 250;
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const LOG_TAIL_BYTES = 2_000;

export type EmbeddedOptions = {
  dataDir: string;
  /** For tests: nothing is written through to disk, so nothing survives a power cut, and many may connect. */
  isThrowAway?: boolean;
};

export type Embedded = {
  /** Connection URL of the product's database. It holds the password: never log it. */
  url: string;
  port: number;
  pid: number;
  /** True when the server ran already. */
  isAttached: boolean;
  /** False once the server is gone, for whatever reason. */
  isRunning: () => boolean;
  stop: () => Promise<void>;
};

/** A test server holds dozens of databases at once; a small table of statements would forget those of one test while another runs. */
const THROW_AWAY_FLAGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "pg_stat_statements.max=50000"].flatMap((flag) => ["-c", flag]);

/** Counts statements. Utility statements stay out: unlike others they are kept with their values, and those may be secrets. */
const STATISTICS_FLAGS = ["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_utility=off", "pg_stat_statements.max=1000"].flatMap((flag) => ["-c", flag]);

const clusterIn = (dataDir: string) => path.join(dataDir, "postgres");
const logIn = (dataDir: string) => path.join(dataDir, "postgres.log");

function runToEnd(file: string, args: string[]): Promise<void> {
  const command = unprivileged(file, args);
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, { ...command.identity, stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
    let output = "";
    child.stdout.on("data", (part: Buffer) => (output += part.toString()));
    child.stderr.on("data", (part: Buffer) => (output += part.toString()));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${path.basename(file)} ended with ${code}: ${output.trim()}`))));
  });
}

/** Without the capability, `nobody` must be able to walk through the data folder; its files stay private. */
function openTheWay(dataDir: string): void {
  const WALK_ONLY = 0o711;
  if (isRoot() && !canGrantCapabilities()) fs.chmodSync(dataDir, WALK_ONLY);
}

function giveAway(file: string): void {
  if (isRoot()) fs.chownSync(file, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
}

/** Removes what killed processes left of clusters they were creating; a draft is named after its process. */
function removeDeadDrafts(dataDir: string): void {
  for (const name of fs.readdirSync(dataDir)) {
    const pid = Number(/^postgres\.(\d+)/.exec(name)?.[1] ?? 0);
    if (pid > 1 && !isAlive(pid)) fs.rmSync(path.join(dataDir, name), { recursive: true, force: true });
  }
}

/** Creates the cluster beside its place and moves it there, so a half-made one is never taken for a whole one. */
async function createCluster(options: EmbeddedOptions, settings: Settings): Promise<void> {
  const { dataDir } = options;
  removeDeadDrafts(dataDir);
  const draft = path.join(dataDir, `postgres.${process.pid}.${crypto.randomBytes(4).toString("hex")}`);
  const passwordFile = `${draft}.password`;
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(passwordFile, `${settings.password}\n`, { mode: 0o600 });
  giveAway(draft);
  giveAway(passwordFile);
  try {
    const identity = [`--username=${DATABASE_USER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    await runToEnd(binary("initdb"), [`--pgdata=${draft}`, ...identity, "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", ...(options.isThrowAway ? ["--no-sync"] : [])]);
    fs.renameSync(draft, clusterIn(dataDir));
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    if (!fs.existsSync(clusterIn(dataDir))) throw error; // another process was faster
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

function spawnServer({ dataDir, isThrowAway }: EmbeddedOptions, settings: Settings): ChildProcess {
  const log = logIn(dataDir);
  if ((fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) fs.renameSync(log, `${log}.1`);
  const output = fs.openSync(log, "a", 0o600);
  const network = ["-p", String(settings.port), "-h", "127.0.0.1", "-k", ""];
  const flags = ["-c", "timezone=UTC", "-c", "log_timezone=UTC", ...(hasLibrary("pg_stat_statements") ? STATISTICS_FLAGS : []), ...(isThrowAway ? THROW_AWAY_FLAGS : [])];
  const command = unprivileged(binary("postgres"), ["-D", clusterIn(dataDir), ...network, ...flags]);
  try {
    const child = spawn(command.file, command.args, { ...command.identity, stdio: ["ignore", output, output], cwd: "/", detached: true });
    child.unref();
    return child;
  } finally {
    fs.closeSync(output);
  }
}

function logTail(dataDir: string): string {
  if (!fs.existsSync(logIn(dataDir))) return "";
  return fs.readFileSync(logIn(dataDir), "utf8").slice(-LOG_TAIL_BYTES).trim();
}

/** Starts the server and waits for it. Returns false when it ended, for example because another one has the folder. */
async function tryStart(options: EmbeddedOptions, settings: Settings): Promise<boolean> {
  const child = spawnServer(options, settings);
  let hasEnded = false;
  child.on("exit", () => (hasEnded = true));
  child.on("error", () => (hasEnded = true));
  const isReady = () => findPostmaster(clusterIn(options.dataDir))?.isReady === true;
  await until(() => hasEnded || isReady(), START_TIMEOUT_MS);
  return !hasEnded && isReady();
}

async function ensureDatabase(settings: Settings): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(settings, "postgres") });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE_NAME]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(DATABASE_NAME)}`);
  } catch (error) {
    const DUPLICATE_DATABASE = "42P04";
    const UNIQUE_VIOLATION = "23505";
    if (![DUPLICATE_DATABASE, UNIQUE_VIOLATION].includes((error as { code?: string }).code ?? "")) throw error;
  } finally {
    await client.end();
  }
}

function opened(dataDir: string, settings: Settings, facts: { pid: number; isAttached: boolean }): Embedded {
  const cluster = clusterIn(dataDir);
  return { url: urlOf(settings), port: settings.port, ...facts, isRunning: () => findPostmaster(cluster) !== null, stop: () => stopPostmaster(cluster) };
}

/** The running server, once it is ready; null when there is none or it is just stopping. */
async function attach(dataDir: string, settings: Settings): Promise<Embedded | null> {
  const cluster = clusterIn(dataDir);
  if (!findPostmaster(cluster)) return null;
  await until(() => findPostmaster(cluster)?.isReady !== false, START_TIMEOUT_MS);
  const running = findPostmaster(cluster);
  if (!running?.isReady) return null;
  return opened(dataDir, { ...settings, port: running.port }, { pid: running.pid, isAttached: true });
}

/** A server that was just killed looks alive for a moment, but nobody listens any more; "57P03" is one that is stopping. */
const GONE = new Set(["ECONNREFUSED", "ECONNRESET", "57P03"]);

/** True when the server has the product's database; false when the server is going away. */
async function isServing(settings: Settings): Promise<boolean> {
  try {
    await ensureDatabase(settings);
    return true;
  } catch (error) {
    if (GONE.has((error as { code?: string }).code ?? "")) return false;
    throw error;
  }
}

/** Starts the embedded PostgreSQL of a data folder, or attaches to it. Creates what is missing. Throws `unavailable`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = ensurePrivateDir(options.dataDir);
  const here = { ...options, dataDir };
  const cluster = clusterIn(dataDir);
  let settings = await readSettings(dataDir);
  openTheWay(dataDir);
  if (!fs.existsSync(path.join(cluster, "PG_VERSION"))) await createCluster(here, settings);

  for (let tries = 0; tries < (PASSING.test(logTail(dataDir)) ? START_TRIES : TRIES_OF_OTHERS); tries++) {
    let running = await attach(dataDir, settings);
    if (!running) {
      clearStalePidFile(cluster);
      settings = await withFreePort(dataDir, settings);
      const pid = (await tryStart(here, settings)) ? findPostmaster(cluster)?.pid : undefined;
      if (pid) running = opened(dataDir, settings, { pid, isAttached: false });
    }
    if (running && (await isServing({ ...settings, port: running.port }))) return running;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
  }
  throw new AppError("unavailable", `The embedded PostgreSQL does not start; nothing was deleted. Its log (${logIn(dataDir)}) ends with:\n${logTail(dataDir)}`);
}

/** The server of a data folder if it runs, without starting anything. */
export async function findEmbedded(dataDir: string): Promise<Embedded | null> {
  if (!fs.existsSync(clusterIn(dataDir))) return null;
  return attach(dataDir, await readSettings(dataDir));
}
