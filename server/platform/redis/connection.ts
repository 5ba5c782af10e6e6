/**
 * A connection to Redis that callers may rely on never to hold them: nothing is queued while there is no connection, a
 * lost connection comes back by itself with pauses of 50 ms more each time, up to 2 s, and fails what it still owed.
 * Callers set their own deadlines; whoever finds the server silent calls `renew`.
 */
import { createRequire } from "node:module";
import type { Redis } from "ioredis";
import { SECOND_MS } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { pauseAfterFailure, RETRY } from "../retry/policy.ts";

/** The library, loaded when there is a Redis to talk to: without one a process saves its ten megabytes. */
export const loadRedis = (): typeof import("ioredis") => createRequire(import.meta.url)("ioredis") as typeof import("ioredis");

const RETRIES_PER_COMMAND = 3;
const CONNECT_TIMEOUT_MS = 2 * SECOND_MS;
/** A replica that became read-only and a reset connection need a new connection; other errors belong to the command. */
const RECONNECT_ON = /READONLY|ECONNRESET/;

/** Pause before the nth try to connect, in milliseconds. */
export const retryPause = (attempt: number): number => pauseAfterFailure(RETRY.redisConnect, attempt) ?? RETRY.redisConnect.capMs;

/** True for errors of a command that a new connection mends. */
export const needsNewConnection = (error: Error): boolean => RECONNECT_ON.test(error.message);

export type RedisConnection = {
  redis: Redis;
  /** Drops the connection and opens another, for a server that holds it open and says nothing. */
  renew: () => void;
  close: () => Promise<void>;
};

/** Starts connecting; `redis.status` is "ready" once commands are taken. */
export function openRedis(options: { url: string; name: string; log: Logger }): RedisConnection {
  const { url, name, log } = options;
  const { Redis } = loadRedis();
  const redis = new Redis(url, {
    connectionName: `seaworthy-${name}`,
    enableOfflineQueue: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: RETRIES_PER_COMMAND,
    retryStrategy: retryPause,
    reconnectOnError: needsNewConnection,
    // A dead connection is found by the system when nothing is sent over it.
    keepAlive: CONNECT_TIMEOUT_MS,
  });
  let isLost = false;
  redis.on("ready", () => {
    if (isLost) log.info({ name }, "connected to Redis again");
    isLost = false;
  });
  // Without a listener a lost connection would end the process. Said once per loss, not once per try.
  redis.on("error", (error: Error) => {
    if (!isLost) log.warn({ err: error, name }, "no connection to Redis, trying again");
    isLost = true;
  });
  return {
    redis,
    renew: () => redis.disconnect(true),
    close: () => {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}
