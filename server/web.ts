/**
 * The web process: the custom server around Next. `node server/web.ts` serves the build, `--dev` the sources. It tells
 * a parent over IPC when it listens and when pages are ready, and stops gracefully on SIGTERM, SIGINT or when the
 * parent goes away. The environment is read once, by config().
 */
import { config, ConfigError, publicUrl } from "./platform/config.ts";
import { parseTrusted } from "./platform/edge/address.ts";
import { buildFiles } from "./platform/edge/build-files.ts";
import { throughDoors } from "./platform/edge/direct.ts";
import { buildFolder, prepareFramework, routeNames } from "./platform/edge/framework.ts";
import { createEdgeServer, type Handler } from "./platform/edge/server.ts";
import { logger } from "./platform/logger.ts";
import type { RunningLoop } from "./platform/loops.ts";

export type WebOptions = { isDev: boolean; host: string; port: number };

export type RunningWeb = {
  /** The port that was bound, also when 0 was asked for. */
  port: number;
  /** Resolves when pages are served; rejects when the framework could not start. */
  ready: Promise<void>;
  /** Finishes requests for at most `timeoutMs`, then closes everything the process holds. */
  stop: (timeoutMs: number) => Promise<void>;
};

/** Opens the socket, then prepares the framework; requests that come before wait for it. Rejects when the port is taken. */
export async function startWeb(options: WebOptions): Promise<RunningWeb> {
  const values = config();
  const log = logger().child({ role: "web" });
  const prepared = Promise.withResolvers<Handler>();
  const folder = await buildFolder();
  const routeOf = options.isDev ? () => "page" : routeNames(folder);
  const answerFile = options.isDev ? async () => false : buildFiles(folder);
  const others: Handler = async (req, res) => {
    if (!(await answerFile(req, res))) await (await prepared.promise)(req, res);
  };
  const edge = createEdgeServer({
    handler: throughDoors(routeOf, others),
    trusted: parseTrusted(values.TRUSTED_PROXIES),
    security: { isDev: options.isDev, isHttps: publicUrl(values).startsWith("https:"), hstsPreload: values.HSTS_PRELOAD },
    log,
    charge: routeCharger(),
    routeOf,
  });
  const port = await listen(edge.server, options);
  log.info({ address: `http://${options.host}:${port}` }, "web server listening");
  const framework = prepareFramework({ isDev: options.isDev, hostname: options.host, port, server: edge.server });
  const ready = framework.then(({ handler }) => prepared.resolve(handler));
  ready.catch((error: unknown) => prepared.reject(error));
  prepared.promise.catch((error: unknown) => log.fatal({ err: error }, "the pages could not be loaded"));
  const presence = ready.then(startPresence);
  presence.catch((error: unknown) => log.error({ err: error }, "this process is missing from the list of processes"));
  const stop = async (timeoutMs: number) => {
    await edge.drain(timeoutMs);
    const [loop] = await Promise.allSettled([presence]);
    if (loop.status === "fulfilled") await loop.value.stop();
    const [loaded] = await Promise.allSettled([framework]);
    if (loaded.status === "fulfilled") await loaded.value.close();
    await closeHeld();
  };
  return { port, ready, stop };
}

/** Counts pages, files and probes. Loaded beside the first requests, it needs the database's client; liveness does not wait for it. */
function routeCharger(): NonNullable<Parameters<typeof createEdgeServer>[0]["charge"]> {
  const loading = import("./platform/limiter/route-charge.ts");
  let loaded: Awaited<typeof loading> | undefined;
  loading.then((module) => void (loaded = module)).catch((error: unknown) => logger().fatal({ err: error }, "limits of pages could not be loaded"));
  return async (route) => {
    if (!loaded && route.isAlone) return { headers: new Headers(), refusal: null };
    return (loaded ?? (await loading)).chargeRoute(route);
  };
}

function listen(server: ReturnType<typeof createEdgeServer>["server"], options: WebOptions): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(options.port, options.host, () => {
    server.off("error", reject);
    const bound = server.address();
    resolve(typeof bound === "object" && bound ? bound.port : options.port);
  });
  return promise;
}

/**
 * Watches the database and keeps the last known facts for when it is away; keeps this process's row: who runs, and its
 * figures for scrapes of other processes. Loaded late, it needs the database's client.
 */
async function startPresence(): Promise<RunningLoop> {
  const { database } = await import("./platform/db.ts");
  const { processLoop } = await import("./platform/processes.ts");
  const { cacheListener } = await import("./platform/cache/process-cache.ts");
  const { startKeeper } = await import("./platform/snapshot/keeper.ts");
  const { systemContext } = await import("./platform/system-context.ts");
  const keeper = await startKeeper({ database: database(), dataDir: config().SEAWORTHY_DATA_DIR, log: logger().child({ role: "web" }), listen: cacheListener });
  const presence = await processLoop("web").start(systemContext("web"));
  return { stop: async () => void (await Promise.all([presence.stop(), keeper.stop()])) };
}

type Closable = { close: () => Promise<void> };

/** Closes what the framework's code opened, without loading anything that was not. */
async function closeHeld(): Promise<void> {
  const holder = globalThis as { seaworthyLive?: Closable; seaworthyLimitUsage?: Closable; seaworthyLimiter?: Closable; seaworthyCache?: Closable; seaworthyDatabase?: Closable };
  await holder.seaworthyLive?.close();
  await holder.seaworthyLimitUsage?.close();
  await holder.seaworthyLimiter?.close();
  await holder.seaworthyCache?.close();
  await holder.seaworthyDatabase?.close();
}

/** One sentence for the errors an operator can mend. */
function startProblem(error: unknown, at: { host: string; port: number }): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") return `Port ${at.port} on ${at.host} is in use. Stop the other process, or set PORT to a free one.`;
  if (code === "EACCES") return `Port ${at.port} needs more rights than this process has. Set PORT to 1024 or more.`;
  if (code === "EADDRNOTAVAIL") return `${at.host} is no address of this machine. Set HOST to one that is.`;
  return "The web server could not start.";
}

/** sysexits(3) EX_CONFIG: another try cannot help. */
const EXIT_CONFIG = 78;

function readConfig(): ReturnType<typeof config> {
  try {
    return config();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

async function main(): Promise<void> {
  const values = readConfig();
  const at = { host: values.HOST, port: values.PORT };
  const isDev = process.argv.includes("--dev");
  const web = await startWeb({ isDev, ...at }).catch((error: unknown) => {
    const isKnown = (error as NodeJS.ErrnoException).syscall === "listen";
    logger().fatal(isKnown ? {} : { err: error }, startProblem(error, at));
    process.exit(1);
  });
  process.send?.({ type: "listening", port: web.port });
  let isStopping = false;
  const stop = (reason: string) => {
    if (isStopping) return;
    isStopping = true;
    logger().info({ reason }, "web server stopping");
    web.stop(values.SEAWORTHY_SHUTDOWN_TIMEOUT_MS).then(
      () => process.exit(0),
      (error: unknown) => {
        logger().error({ err: error }, "web server did not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", () => stop("SIGTERM"));
  process.once("SIGINT", () => stop("SIGINT"));
  process.once("disconnect", () => stop("parent gone"));
  await web.ready.catch(() => process.exit(1));
  process.send?.({ type: "ready", port: web.port });
  logger().info("pages ready");
}

if (import.meta.main) await main();
