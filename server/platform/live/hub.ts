/**
 * One listening connection per process feeds any number of pages. After a reconnect every page is told to refetch
 * everything, because notifications sent meanwhile are lost. A page that reads too slowly is told the same instead of
 * being buffered without end.
 */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import * as z from "zod";
import { database } from "../db.ts";
import { AppError } from "../errors.ts";
import { logger, type Logger } from "../logger.ts";
import { LIVE_CHANNEL } from "./announce.ts";
import { EVERYTHING, LiveBuffer, type NumberedEvent } from "./buffer.ts";
import { listen, type Listener } from "./listen.ts";

const Payload = z.object({ n: z.number(), topic: z.string(), id: z.string().nullable() });

/** Events a page may be behind. */
const MAX_BACKLOG = 200;

type Reader = { pending: NumberedEvent[]; wake: () => void };

export class LiveHub {
  readonly #buffer = new LiveBuffer();
  readonly #readers = new Set<Reader>();
  readonly #listener: Listener;
  #isListening = false;

  constructor(options: { connection: pg.ClientConfig; log: Logger; heartbeatMs?: number }) {
    const { connection, log, heartbeatMs } = options;
    this.#publish({ eventId: this.#markId(), event: { topic: "live" } });
    this.#listener = listen({
      connection,
      channel: LIVE_CHANNEL,
      log,
      heartbeatMs,
      onMessage: (payload) => this.#receive(payload, log),
      onReconnect: () => this.#publish({ eventId: this.#markId(), event: EVERYTHING }),
    });
    void this.#listener.ready.then(() => (this.#isListening = true));
  }

  /** Resolves when the first connection listens. */
  get ready(): Promise<void> {
    return this.#listener.ready;
  }

  /** Pages that are reading now. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Where a page that begins to read its facts now has to resume from, so that nothing that happens until it subscribes
   * is lost. Before this process listens that is nowhere: such a page asks for everything again.
   */
  get now(): string {
    return (this.#isListening ? this.#buffer.lastId : null) ?? this.#markId();
  }

  /** Tells every page to ask for everything again. */
  tellEverything(): void {
    this.#publish({ eventId: this.#markId(), event: EVERYTHING });
  }

  /** Ends the connection and every subscription, with an error that makes pages reconnect. */
  async close(): Promise<void> {
    for (const reader of this.#readers) reader.wake();
    this.#readers.clear();
    await this.#listener.close();
  }

  /** Events after `lastEventId` and then as they come, until `signal`. Throws `unavailable` when the hub closes. */
  async *subscribe(lastEventId: string | null, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
    let ring = () => {};
    const reader: Reader = { pending: this.#start(lastEventId), wake: () => ring() };
    this.#readers.add(reader);
    const onAbort = () => reader.wake();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      while (!signal.aborted && this.#readers.has(reader)) {
        const batch = reader.pending.splice(0);
        for (const event of batch) yield event;
        if (reader.pending.length > 0 || signal.aborted || !this.#readers.has(reader)) continue;
        await new Promise<void>((resolve) => (ring = resolve));
      }
      // An error, because a page takes a plain end for final and would not come back.
      if (!signal.aborted) throw new AppError("unavailable", "This process stops. Live updates go on as soon as another answers.");
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#readers.delete(reader);
    }
  }

  /** Ids of events that only this process knows; elsewhere they are unknown and so mean "everything". */
  #markId(): string {
    return `mark-${randomUUID()}`;
  }

  #start(lastEventId: string | null): NumberedEvent[] {
    const eventId = this.#buffer.lastId ?? this.#markId();
    if (!lastEventId) return [{ eventId, event: { topic: "live" } }];
    return this.#buffer.after(lastEventId) ?? [{ eventId, event: EVERYTHING }];
  }

  #receive(payload: string, log: Logger): void {
    const parsed = Payload.safeParse(safeJson(payload));
    if (!parsed.success) {
      log.warn({ payload: payload.slice(0, 200) }, "ignored a live event that cannot be read");
      return;
    }
    const { n, topic, id } = parsed.data;
    this.#publish({ eventId: String(n), event: id === null ? { topic } : { topic, id } });
  }

  #publish(event: NumberedEvent): void {
    this.#buffer.push(event);
    for (const reader of this.#readers) {
      if (reader.pending.length >= MAX_BACKLOG) reader.pending.splice(0, reader.pending.length, { ...event, event: EVERYTHING });
      else reader.pending.push(event);
      reader.wake();
    }
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const holder = globalThis as { seaworthyLive?: LiveHub };

/** The process's hub, opened by the first page that subscribes. */
export function liveHub(): LiveHub {
  holder.seaworthyLive ??= new LiveHub({ connection: database().pool.options, log: logger() });
  return holder.seaworthyLive;
}

/** Ends the process's hub, if it was opened: open pages reconnect elsewhere. */
export async function closeLiveHub(): Promise<void> {
  const hub = holder.seaworthyLive;
  holder.seaworthyLive = undefined;
  await hub?.close();
}
