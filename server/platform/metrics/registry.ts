/**
 * The process's Prometheus registry and the instruments that platform code feeds. It lives on globalThis because the
 * custom server and the code that Next bundled are loaded apart but count together. Names follow the alert rules
 * operators already have (`http_requests_total`, `db_connections_active`, …); labels never hold raw paths or ids.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { poolFigures, type PoolFigures } from "./pool-figures.ts";

/** Seconds; the edges of the latency objectives (50 ms list, 1 s page, 10 s query limit). */
const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const HTTP_LABELS = ["method", "route", "status_code"] as const;

/** Gauges of the pool, read when asked for; the pool keeps the figures itself. */
function poolGauges(registers: Registry[]): void {
  const gauge = (name: string, help: string, read: (pool: PoolFigures) => number) => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => {
        const pool = poolFigures();
        made.set(pool ? read(pool) : 0);
      },
    });
  };
  gauge("db_connections_active", "Database connections in use.", (pool) => pool.active);
  gauge("db_connections_idle", "Database connections open and unused.", (pool) => pool.idle);
  gauge("db_connections_max", "Database connections that may be opened.", (pool) => pool.max);
  const byState: Gauge<"state"> = new Gauge({
    name: "database_connections",
    help: "Database connections by state; waiting counts calls that wait for one.",
    labelNames: ["state"] as const,
    registers,
    collect: () => {
      const pool = poolFigures();
      for (const state of ["active", "idle", "waiting"] as const) byState.set({ state }, pool?.[state] ?? 0);
    },
  });
}

function createInstruments() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  poolGauges(registers);
  return {
    registry,
    httpRequests: new Counter({ name: "http_requests_total", help: "HTTP requests answered.", labelNames: HTTP_LABELS, registers }),
    httpDuration: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from the request's arrival to the end of its answer.",
      labelNames: HTTP_LABELS,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    httpInFlight: new Gauge({ name: "http_requests_in_flight", help: "HTTP requests being answered.", registers }),
    httpRefused: new Counter({ name: "http_requests_refused_total", help: "HTTP requests refused by the edge.", labelNames: ["reason"] as const, registers }),
    procedures: new Histogram({
      name: "procedure_duration_seconds",
      help: "Time of one procedure call, by path and result.",
      labelNames: ["procedure", "type", "code"] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    limited: new Counter({ name: "rate_limit_refusals_total", help: "Calls refused by a limit.", labelNames: ["tier"] as const, registers }),
    mails: new Counter({ name: "mails_total", help: "Mail handed to the mail server, by outcome.", labelNames: ["outcome"] as const, registers }),
    dbQueryDuration: new Histogram({
      name: "db_query_duration_seconds",
      help: "Time of one database query.",
      labelNames: ["operation"] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
  };
}

export type Instruments = ReturnType<typeof createInstruments>;

const holder = globalThis as { seaworthyMetrics?: Instruments };

/** The process's instruments, made on first use. */
export function instruments(): Instruments {
  holder.seaworthyMetrics ??= createInstruments();
  return holder.seaworthyMetrics;
}
