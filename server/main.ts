/**
 * The console as one command: checks the environment, takes the data folder, starts the embedded database (unless
 * DATABASE_URL names another), migrates, starts web and worker and prints the address. SIGTERM or Ctrl+C stops
 * everything in order with exit code 0; a second one stops at once. Exit codes: 78 for an unusable environment, 1 for
 * everything else that keeps it from running, 0 also when a console runs here already.
 */
import { parseArgs } from "node:util";
import { config, ConfigError, environment, publicUrl, type Config } from "./platform/config.ts";
import { startEmbedded, type Embedded } from "./platform/embedded/cluster.ts";
import { freePort, portProblem } from "./platform/embedded/settings.ts";
import { AppError } from "./platform/errors.ts";
import { EXIT_CONFIG } from "./main/children.ts";
import { startConsole } from "./main/console.ts";
import { checkEnvironment, dataDirOf, isEmbedded, withManner, withSecrets } from "./main/environment.ts";
import { welcome, type Welcome } from "./main/first-user.ts";
import { takeInstance, type Instance } from "./main/instance.ts";
import { migrate } from "./main/migrate.ts";
import { complain, say, sayDone, strong } from "./main/progress.ts";
import { becomeRole, type RoleOptions } from "./main/role.ts";

/** A terminal's Ctrl+C can arrive twice, from the terminal and from npm; later than this it is a second wish. */
const SAME_SIGNAL_MS = 1_000;

function readArguments() {
  const { values } = parseArgs({ options: { dev: { type: "boolean", default: false }, role: { type: "string" }, migrate: { type: "boolean", default: false } } });
  const role: RoleOptions["role"] | null = values.role === "web" || values.role === "worker" ? values.role : null;
  return { isDev: values.dev, role, mayMigrate: values.migrate };
}

const PORT_ADVICE: Record<string, string> = {
  EADDRINUSE: "is taken by another program",
  EACCES: "needs rights that this user does not have",
  EADDRNOTAVAIL: "cannot be used: this machine does not have that address",
};

/** Throws `precondition` when nobody can listen at HOST:PORT. */
async function checkPort({ HOST, PORT }: Config): Promise<void> {
  const problem = await portProblem(PORT, HOST);
  if (!problem) return;
  throw new AppError("precondition", `Port ${PORT} on ${HOST} ${PORT_ADVICE[problem] ?? `cannot be used (${problem})`}. Nothing was started. Choose another one, for example: PORT=${PORT + 1} npm start`);
}

async function openDatabase(env: NodeJS.ProcessEnv): Promise<Embedded | null> {
  if (!isEmbedded(env)) return null;
  const startedAt = performance.now();
  const database = await startEmbedded({ dataDir: dataDirOf(env) });
  env.DATABASE_URL = database.url;
  sayDone("Database", `PostgreSQL ${database.isAttached ? "found running" : "started"} on port ${database.port}`, startedAt);
  return database;
}

async function migrateAloud(url: string): Promise<void> {
  const startedAt = performance.now();
  const applied = await migrate(url);
  if (applied.length > 0) sayDone("Migrations", `${applied.length} applied`, startedAt);
}

type Ending = { stop: () => Promise<void>; kill: () => void };

/** Stops on SIGTERM, SIGINT and SIGHUP; on a second one at once. `ending` may change while starting goes on. */
function onStopSignal(ending: Ending): void {
  let firstAt: number | null = null;
  const onSignal = () => {
    if (firstAt === null) {
      firstAt = performance.now();
      void ending.stop();
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      ending.kill();
    }
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, onSignal);
}

/** Starts what is below the processes. Leaves nothing running when that fails. */
async function prepareDatabase(env: NodeJS.ProcessEnv): Promise<Embedded | null> {
  const database = await openDatabase(env);
  Object.assign(environment(), env);
  try {
    await migrateAloud(config().DATABASE_URL);
    return database;
  } catch (error) {
    await database?.stop();
    throw error;
  }
}

function greet(greeting: Welcome, address: string): void {
  say(`\n  Open ${strong(address)}\n`);
  if (greeting.kind === "setup") say(`  First start: create the administrator with this link, which works once:\n  ${strong(`${address}/setup?token=${greeting.token}`)}\n`);
  if (greeting.kind === "created") say(`  Administrator ${greeting.email} was created; sign in with the password you set.\n`);
}

/** Runs over a data folder that is ours, until a signal. */
async function runConsole(env: NodeJS.ProcessEnv, isDev: boolean, instance: Instance): Promise<void> {
  // A signal while the database starts: it may go on without us, the next start attaches to it.
  const leave = (exitCode: number) => {
    instance.release();
    process.exit(exitCode);
  };
  const ending: Ending = { stop: async () => leave(0), kill: () => leave(1) };
  onStopSignal(ending);

  const database = await prepareDatabase(env);
  const values = config();
  const startedAt = performance.now();
  const end = async (exitCode: number, why: string) => {
    say(`\n${why}`);
    const beganAt = performance.now();
    await running.stop();
    sayDone("Stopped", "requests and jobs are finished, the data is safe", beganAt);
    leave(exitCode);
  };
  const onGivenUp = (why: string) => void end(1, `${why} Its last lines above say why. Stopping.`);
  const running = startConsole({ values, env, isDev, instance, database, onGivenUp });
  ending.stop = () => end(0, "Stopping.");
  ending.kill = () => {
    running.kill();
    leave(1);
  };
  const [greeting] = await Promise.all([welcome(values), running.ready]);
  sayDone("Console", "web and worker running", startedAt);
  greet(greeting, publicUrl(values));
}

async function main(): Promise<void> {
  const { isDev, role, mayMigrate } = readArguments();
  const given = environment();
  if (role) return becomeRole({ role, mayMigrate }, withManner(given, { isDev, isTerminal: process.stdout.isTTY }));

  const values = checkEnvironment(given);
  if (values.PORT === 0) values.PORT = await freePort();
  const instance = await takeInstance(values.SEAWORTHY_DATA_DIR, publicUrl(values));
  if ("takenBy" in instance) {
    say(`Seaworthy already runs at ${strong(instance.takenBy.address)} (process ${instance.takenBy.pid}). Nothing was started.`);
    return;
  }
  try {
    await checkPort(values);
    const manner = { isDev, isTerminal: process.stdout.isTTY };
    await runConsole({ ...withManner(withSecrets(given), manner), PORT: String(values.PORT) }, isDev, instance);
  } catch (error) {
    instance.release();
    throw error;
  }
}

try {
  await main();
} catch (error) {
  const isForPeople = error instanceof AppError || error instanceof ConfigError;
  complain(isForPeople ? error.message : String((error as Error).stack ?? error));
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
}
