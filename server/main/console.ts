/**
 * The whole console as one tree of processes: database, web, worker. Starting goes from the bottom up, stopping from
 * the top down. A database that dies is started again; the processes wait for it by themselves.
 */
import type { Config } from "../platform/config.ts";
import { startEmbedded, type Embedded } from "../platform/embedded/cluster.ts";
import { logger } from "../platform/logger.ts";
import { keepRunning, type Child, type ChildPlan } from "./children.ts";
import type { Instance } from "./instance.ts";
import { nodeFlags, roleEnvironment } from "./process-flags.ts";

/** Beside what the processes may take to drain, for them to notice and to exit. */
const STOP_MARGIN_MS = 5_000;
const WATCH_MS = 1_000;

export type ConsoleOptions = {
  values: Config;
  env: NodeJS.ProcessEnv;
  isDev: boolean;
  instance: Instance;
  database: Embedded | null;
  onGivenUp: (why: string) => void;
};

export type RunningConsole = {
  /** Resolves when pages are served. */
  ready: Promise<void>;
  /** Drains the processes, then stops the embedded database. */
  stop: () => Promise<void>;
  /** Ends the processes at once; the database recovers on the next start. */
  kill: () => void;
};

/** Starts the embedded database again when it is gone. Returns how to stop watching. */
function watchDatabase(database: Embedded, dataDir: string): () => void {
  let isBusy = false;
  const look = async () => {
    if (isBusy || database.isRunning()) return;
    isBusy = true;
    logger().error("the embedded database is gone, starting it again");
    const again = await startEmbedded({ dataDir }).catch((error: unknown) => logger().error({ err: error }, "the embedded database does not start"));
    if (again && again.url !== database.url) logger().fatal("the embedded database had to move to another port; restart Seaworthy");
    isBusy = false;
  };
  const timer = setInterval(() => void look(), WATCH_MS);
  return () => clearInterval(timer);
}

function planOf(role: ChildPlan["role"], options: ConsoleOptions): Pick<ChildPlan, "role" | "args" | "env"> {
  const file = `${import.meta.dirname}/../${role}.ts`;
  const isWatched = options.isDev && role === "worker";
  const flags = isWatched ? ["--watch", "--watch-preserve-output"] : [];
  return { role, args: [...nodeFlags(role), ...flags, file, ...(options.isDev ? ["--dev"] : [])], env: roleEnvironment(role, options.env) };
}

/** Starts web and worker over a database that is migrated. */
export function startConsole(options: ConsoleOptions): RunningConsole {
  const { values, instance, database } = options;
  const children: Child[] = [];
  const onChange = () => {
    instance.recordChildren(children.flatMap((child) => ({ role: child.role, pid: child.pid() ?? [] })).filter((one): one is { role: Child["role"]; pid: number } => typeof one.pid === "number"));
  };
  const start = (role: ChildPlan["role"]) => {
    const child = keepRunning({ ...planOf(role, options), onChange, onGivenUp: options.onGivenUp });
    children.push(child);
    onChange();
    return child;
  };
  const web = start("web");
  start("worker");
  const unwatch = database ? watchDatabase(database, values.SEAWORTHY_DATA_DIR) : () => undefined;
  return {
    ready: web.ready,
    stop: async () => {
      unwatch();
      await Promise.all(children.map((child) => child.stop(values.SEAWORTHY_SHUTDOWN_TIMEOUT_MS + STOP_MARGIN_MS)));
      await database?.stop();
    },
    kill: () => {
      unwatch();
      for (const child of children) child.kill();
    },
  };
}
