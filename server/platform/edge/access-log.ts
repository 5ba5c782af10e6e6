/** One log line and one set of figures for each finished request. Queries are never logged: they may hold tokens. */
import { monotonicMs } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { instruments } from "../metrics/registry.ts";
import type { Exchange } from "./exchange.ts";

/** A request slower than this deserves a warning. */
const SLOW_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** What proxies log when the client left before the answer was complete. */
const CLIENT_GONE = 499;
const KNOWN_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Writes the line and counts the request; call it when the answer is closed. */
export function recordExchange(exchange: Exchange, options: { log: Logger; routeOf: (path: string) => string }): void {
  const { req, res } = exchange;
  const durationMs = monotonicMs() - exchange.startedAt;
  const isComplete = res.writableFinished || exchange.isStream || exchange.isTakenOver;
  const status = isComplete ? res.statusCode : CLIENT_GONE;
  const route = exchange.route ?? options.routeOf(exchange.path);
  const method = KNOWN_METHODS.has(req.method ?? "") ? String(req.method) : "OTHER";
  const labels = { method, route, status_code: String(status) };
  const metrics = instruments();
  metrics.httpRequests.inc(labels);
  if (!exchange.isStream) metrics.httpDuration.observe(labels, durationMs / MS_PER_SECOND);
  options.log[levelOf(exchange, durationMs)](
    {
      requestId: exchange.requestId,
      method,
      path: exchange.path,
      route,
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      address: exchange.clientAddress,
      ...(exchange.caller ? { userId: exchange.caller } : {}),
    },
    exchange.isStream ? "stream ended" : durationMs >= SLOW_MS ? "slow request" : "request",
  );
}

function levelOf(exchange: Exchange, durationMs: number): "warn" | "info" | "debug" {
  if (!exchange.isStream && durationMs >= SLOW_MS) return "warn";
  return exchange.kind === "asset" || exchange.kind === "health" ? "debug" : "info";
}
