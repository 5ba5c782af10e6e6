/** Real servers for tests: Redis and RabbitMQ as processes of their own in a folder of their own, gone afterwards. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "../embedded/settings.ts";
import { createOutbound } from "../http/guarded.ts";

/** Erlang starts slowly, more so on a busy machine. */
const START_MS = 120_000;
const LOOK_EVERY_MS = 100;
const MAPPER_TRIES = 50;

/** The guarded way out, open to this machine. */
export const localNetwork = createOutbound({ allow: ["127.0.0.1"], lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) });

export type TestServer = {
  url: string;
  /** Stands still: connections stay open and nothing is answered. */
  freeze: () => void;
  thaw: () => void;
  /** Ends the process and everything it started. */
  stop: () => Promise<void>;
  /** Ends it and starts another on the same ports. */
  restart: () => Promise<void>;
};

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await check().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("the test server did not start");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

type Launch = { start: () => ChildProcess; isReady: () => Promise<boolean>; folder: string; after?: () => Promise<void> };

/** Processes are started as leaders of their groups, so that signals reach what they start. */
async function run(url: string, launch: Launch): Promise<TestServer> {
  let child = launch.start();
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    signal("SIGKILL");
    await gone;
  };
  await until(launch.isReady);
  return {
    url,
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    stop: async () => {
      await end();
      await launch.after?.();
      await fs.rm(launch.folder, { recursive: true, force: true });
    },
    restart: async () => {
      await end();
      child = launch.start();
      await until(launch.isReady);
    },
  };
}

const newFolder = (name: string) => fs.mkdtemp(path.join(os.tmpdir(), `seaworthy-${name}-`));

/** A Redis that asks for a password when one is given. */
export async function startRedis(password = ""): Promise<TestServer> {
  const [port, folder] = [await freePort(), await newFolder("redis")];
  const auth = password === "" ? [] : ["--requirepass", password];
  const url = `redis://${password === "" ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`;
  const start = () => spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", ...auth], { stdio: "ignore", detached: true });
  const { Redis } = await import("ioredis");
  const isReady = async () => {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    redis.on("error", () => undefined);
    try {
      await redis.connect();
      return (await redis.ping()) === "PONG";
    } finally {
      redis.disconnect();
    }
  };
  return run(url, { start, isReady, folder });
}

const RABBIT_PROGRAMS = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server", "/usr/local/sbin/rabbitmq-server"];

/** A RabbitMQ with its management plugin; sign in as guest/guest. */
export async function startRabbit(): Promise<TestServer & { managementUrl: string }> {
  const folder = await newFolder("rabbit");
  const [port, management, dist, mapper] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const config = ["listeners.tcp.1 = 127.0.0.1:" + port, "management.tcp.ip = 127.0.0.1", `management.tcp.port = ${management}`, "log.console = false", "collect_statistics_interval = 500"];
  await fs.writeFile(path.join(folder, "rabbit.conf"), `${config.join("\n")}\n`);
  await fs.writeFile(path.join(folder, "plugins"), "[rabbitmq_management].\n");
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: `seaworthy-test-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(dist),
    RABBITMQ_MNESIA_BASE: path.join(folder, "data"),
    RABBITMQ_LOG_BASE: path.join(folder, "logs"),
    RABBITMQ_CONFIG_FILE: path.join(folder, "rabbit.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, "plugins"),
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    // One scheduler that sleeps instead of spinning: tests share the machine.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 1:1 +sbwt none",
  };
  const program = RABBIT_PROGRAMS.find((file) => existsSync(file)) ?? "rabbitmq-server";
  const managementUrl = `http://127.0.0.1:${management}`;
  const start = () => spawn(program, [], { stdio: "ignore", detached: true, env });
  const isReady = async () => {
    const answer = await localNetwork.request({ url: `${managementUrl}/api/overview`, headers: { authorization: `Basic ${Buffer.from("guest:guest").toString("base64")}` }, timeoutMs: 1_000, maxBodyBytes: 1_000_000 });
    return answer.status === 200;
  };
  // Erlang's port mapper leaves the group, and stays while it believes that the node lives: for a moment after its end.
  const after = async () => {
    for (let tries = 0; tries < MAPPER_TRIES; tries += 1) {
      const { stdout, stderr } = spawnSync("epmd", ["-port", String(mapper), "-kill"], { env, encoding: "utf8" });
      if (!/living nodes/i.test(`${stdout}${stderr}`)) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const server = await run(`amqp://guest:guest@127.0.0.1:${port}`, { start, isReady, folder, after });
  return { ...server, managementUrl };
}
