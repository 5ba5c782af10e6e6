/** A connection to a Redis of the team, always to the address that the guard checked. */
import type { Redis } from "ioredis";
import { SECOND_MS } from "../../../platform/clock.ts";
import type { ResolvedTarget } from "../../../platform/http/outbound.ts";
import { AppError } from "../../../platform/errors.ts";
import { STEP_MS } from "../trail.ts";

/** A script over many queues takes milliseconds; a server that answers later than this hangs. */
const COMMAND_MS = 10 * SECOND_MS;

/** Connects and signs in. A lost connection is not mended but reported by every command, so the session is opened anew. */
export async function connectRedis(url: URL, target: ResolvedTarget, onLost: () => void): Promise<Redis> {
  const { Redis: Client } = await import("ioredis");
  const isName = target.host !== target.address;
  const database = url.pathname.slice(1);
  const redis = new Client({
    host: target.address,
    port: target.port,
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    db: /^\d+$/.test(database) ? Number(database) : 0,
    ...(url.protocol === "rediss:" ? { tls: isName ? { servername: target.host } : {} } : {}),
    lazyConnect: true,
    connectionName: "seaworthy-queues",
    connectTimeout: STEP_MS,
    commandTimeout: COMMAND_MS,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let trouble: Error | null = null;
  redis.on("error", (error: Error) => (trouble = error));
  redis.on("end", onLost);
  try {
    await redis.connect();
    // A wrong password is told by the first command, not by connecting.
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw trouble ?? error;
  }
}

type ServerFacts = { version: string; role: string; policy: string };

const OLDEST_MAJOR = 5;
const factOf = (info: string, name: string) => info.match(new RegExp(`^${name}:(.*)$`, "m"))?.[1]?.trim() ?? "";

/** What the server is. Throws when it is too old for BullMQ. */
export async function readServer(redis: Redis): Promise<ServerFacts> {
  const info = await redis.info();
  const version = factOf(info, "redis_version");
  if (Number(version.split(".")[0]) < OLDEST_MAJOR) throw new AppError("unavailable", `Redis ${version} is older than 5, which BullMQ needs`);
  return { version, role: factOf(info, "role"), policy: factOf(info, "maxmemory_policy") };
}
