/**
 * One connection that LISTENs and never gives up. TCP keepalive and a heartbeat query find a connection that died
 * silently; it reconnects with growing pauses and then calls `onReconnect`, because whatever was sent meanwhile is
 * lost: PostgreSQL keeps no notifications for the absent.
 */
import pg from "pg";
import { SECOND_MS } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { createAlarm, pauseAfter } from "../alarm.ts";

export type ListenOptions = {
  /** How to connect, e.g. the options of a pool. */
  connection: pg.ClientConfig;
  channel: string;
  onMessage: (payload: string) => void;
  /** After each new connection but the first. */
  onReconnect: () => void;
  log: Logger;
  heartbeatMs?: number;
};

export type Listener = {
  /** Resolves when the first connection listens. */
  ready: Promise<void>;
  close: () => Promise<void>;
};

const HEARTBEAT_MS = 10 * SECOND_MS;
const HEARTBEAT_TIMEOUT_MS = 5 * SECOND_MS;
const KEEP_ALIVE_DELAY_MS = 10 * SECOND_MS;

async function beat(client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The listening connection does not answer.")), HEARTBEAT_TIMEOUT_MS);
  });
  try {
    await Promise.race([client.query("SELECT 1"), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Connects in the background and keeps listening until `close`. */
export function listen(options: ListenOptions): Listener {
  const { channel, log } = options;
  const ready = Promise.withResolvers<void>();
  const alarm = createAlarm();
  let isClosed = false;
  let connections = 0;

  /** One connection's life; ends when it is lost or closed. */
  async function once(): Promise<void> {
    const client = new pg.Client({ ...options.connection, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS });
    let lost: Error | null = null;
    const onLoss = (error?: Error) => {
      lost ??= error ?? new Error("The listening connection ended.");
      alarm.wake();
    };
    client.on("error", onLoss);
    client.on("end", onLoss);
    client.on("notification", (message) => options.onMessage(message.payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      connections += 1;
      if (connections > 1) options.onReconnect();
      ready.resolve();
      while (!isClosed && !lost) {
        await alarm.pause(options.heartbeatMs ?? HEARTBEAT_MS);
        if (!isClosed && !lost) await beat(client);
      }
      if (lost) throw lost;
    } finally {
      client.removeAllListeners("notification");
      // A dead connection may never confirm its end, so nobody waits for it.
      void client.end().catch((error: unknown) => log.debug({ err: error }, "closing a lost connection"));
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!isClosed) {
      const before = connections;
      await once().catch((error: unknown) => log.warn({ err: error, channel }, "listening connection lost, will reconnect"));
      failures = connections > before ? 0 : failures + 1;
      if (!isClosed) await alarm.pause(pauseAfter(failures));
    }
  }

  const running = run();
  return {
    ready: ready.promise,
    close: async () => {
      isClosed = true;
      alarm.wake();
      await running;
    },
  };
}
