/**
 * The pulse of the database: a connection of its own that asks for a sign of life every second. Five missing ones in a
 * row open the database's breaker: reads then answer with last known facts and changes are refused at once, instead of
 * everybody waiting for a time-out. Open, one try a second goes over a fresh connection; the first that succeeds closes.
 * What still hung on old connections is cut off, so that they are free when the database returns.
 */
import pg from "pg";
import { createAlarm } from "../alarm.ts";
import { monotonicMs, SECOND_MS, systemClock } from "../clock.ts";
import type { Logger } from "../logger.ts";
import type { RunningLoop } from "../loops.ts";
import { admit, CLOSED, DEFAULT_POLICY, settle, type BreakerPolicy, type Circuit } from "./circuit.ts";
import { setDatabaseAway, setPulse } from "./database-guard.ts";
import { countOutcome, showPhase } from "./figures.ts";

export const DATABASE = "database";

/** The pulse is one cheap question a second, so recovery need not wait thirty. */
const POLICY: BreakerPolicy = { ...DEFAULT_POLICY, openMs: SECOND_MS / 2, leaseMs: 5 * SECOND_MS };

/** Hundreds of times what a sign of life takes; five missing in a row make three seconds. */
const BEAT_TIMEOUT_MS = 500;
/** After a missing sign the next ones follow quickly: a refused connection is an outage within a second. */
const QUICK_MS = 100;
/** A server that shuts down serves old connections and refuses new ones, so a new one is made now and then. */
const FRESH_EVERY = 10;

export type PulseOptions = {
  /** Where to connect; the pool's own options. */
  connection: pg.ClientConfig;
  log: Logger;
  /** Called when the database went away, before anybody is told: ends connections that hang. */
  cut: () => void;
  /** Called when the database went away and when it is back, once everybody who asks is told so. */
  onChange?: () => void;
  /** Called after each sign of life with how many there were. */
  onBeat?: (beats: number) => void;
  /** A notification that somebody sent to `channel`. */
  listen?: { channel: string; onMessage: (payload: string) => void; onConnect: () => void; onLoss: () => void };
};

type Line = { client: pg.Client; beats: number };

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  // A busy event loop runs timers before it reads sockets: look once more before the answer counts as missing.
  const timer = setTimeout(() => setImmediate(() => setImmediate(() => late.reject(new Error("no sign of life in time")))), BEAT_TIMEOUT_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    late.promise.catch(() => undefined);
  }
}

function hangUp(line: Line | null): void {
  line?.client.connection.stream.destroy();
}

async function connect(options: PulseOptions): Promise<Line> {
  const { connection, listen } = options;
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: BEAT_TIMEOUT_MS, application_name: "seaworthy pulse" });
  // A lost connection is noticed by the next beat; without a listener it would end the process.
  client.on("error", () => undefined);
  const line = { client, beats: 0 };
  try {
    await inTime(client.connect());
    if (listen) {
      client.on("notification", ({ payload }) => listen.onMessage(payload ?? ""));
      await inTime(client.query(`LISTEN ${pg.escapeIdentifier(listen.channel)}`));
      listen.onConnect();
    }
    return line;
  } catch (error) {
    hangUp(line);
    throw error;
  }
}

class Pulse {
  readonly #options: PulseOptions;
  readonly #alarm = createAlarm();
  readonly #running: Promise<void>;
  #circuit: Circuit = CLOSED;
  #line: Line | null = null;
  #beats = 0;
  #isStopping = false;

  constructor(options: PulseOptions) {
    this.#options = options;
    showPhase(DATABASE, this.#circuit.phase);
    setPulse(() => this.#alarm.wake());
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    setPulse(null);
    this.#alarm.wake();
    await this.#running;
    this.#lose();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      await this.#once();
      const isDoubtful = this.#circuit.phase === "closed" && this.#circuit.failuresInARow > 0;
      if (!this.#isStopping) await this.#alarm.pause(isDoubtful ? QUICK_MS : SECOND_MS);
    }
  }

  async #once(): Promise<void> {
    const { isAdmitted, next } = admit(this.#circuit, { at: monotonicMs(), holder: DATABASE }, POLICY);
    this.#circuit = next;
    if (!isAdmitted) return;
    showPhase(DATABASE, next.phase);
    try {
      await this.#beat();
      this.#follow(false);
      this.#beats += 1;
      this.#options.onBeat?.(this.#beats);
    } catch (error) {
      if (this.#circuit.failuresInARow === 0) this.#options.log.warn({ err: error }, "no sign of life from the database");
      this.#lose();
      this.#follow(true);
    }
  }

  /** One sign of life; over a new connection when the old one may say too little. */
  async #beat(): Promise<void> {
    const isSuspicious = this.#circuit.phase !== "closed" || this.#circuit.failuresInARow > 0;
    if (this.#line && (isSuspicious || this.#line.beats >= FRESH_EVERY)) {
      const fresh = await connect(this.#options);
      hangUp(this.#line);
      this.#line = fresh;
    }
    this.#line ??= await connect(this.#options);
    await inTime(this.#line.client.query("SELECT 1"));
    this.#line.beats += 1;
  }

  #follow(isFailure: boolean): void {
    const { log, cut } = this.#options;
    const wasAway = this.#circuit.phase !== "closed";
    this.#circuit = settle(this.#circuit, { at: monotonicMs(), holder: DATABASE, isFailure }, POLICY);
    countOutcome(DATABASE, isFailure);
    showPhase(DATABASE, this.#circuit.phase);
    if (!wasAway && this.#circuit.phase === "open") {
      log.error("the database is away: reads answer with last known facts, changes are refused");
      setDatabaseAway(systemClock());
      cut();
      this.#options.onChange?.();
    }
    if (wasAway && this.#circuit.phase === "closed") {
      log.info("the database answers again");
      setDatabaseAway(null);
      this.#options.onChange?.();
    }
  }

  #lose(): void {
    if (!this.#line) return;
    hangUp(this.#line);
    this.#line = null;
    this.#options.listen?.onLoss();
  }
}

/** Beats until stopped. */
export function startPulse(options: PulseOptions): RunningLoop {
  const pulse = new Pulse(options);
  return { stop: () => pulse.stop() };
}

/** The pool keeps its connections in a list that its types do not tell. */
type Listed = { _clients?: pg.PoolClient[] };

/** Ends every connection of a pool, busy or not: waiting queries fail at once and the pool opens new connections. */
export function cutConnections(pool: pg.Pool): void {
  for (const client of (pool as unknown as Listed)._clients ?? []) client.connection.stream.destroy();
}
