/**
 * Times every query of a pool, by its first word, at the cost of two clock reads. A slow one is logged with its text,
 * never with its values: those travel apart from it.
 */
import type pg from "pg";
import { logger } from "../logger.ts";
import { instruments } from "./registry.ts";

const MS_PER_SECOND = 1_000;
/** A query slower than this deserves a line. */
const SLOW_QUERY_MS = 100;
/** Enough to find the query in the sources. */
const LOGGED_CHARACTERS = 500;
const OPERATIONS = new Set(["select", "insert", "update", "delete", "begin", "commit", "rollback"]);

/** The statement's text without its values; empty when it has none. */
function textOf(query: unknown): string {
  const text = typeof query === "string" ? query : (query as { text?: unknown } | null)?.text;
  return typeof text === "string" ? text : "";
}

/** The label of a statement: its first word, or "other". */
export function operationOf(query: unknown): string {
  const text = textOf(query);
  const word = text ? (/^\s*([a-z]+)/i.exec(text)?.[1]?.toLowerCase() ?? "") : "";
  return OPERATIONS.has(word) ? word : "other";
}

type Query = (...args: unknown[]) => unknown;

/** Times the queries of every connection that `pool` opens from now on. */
export function timeQueries(pool: pg.Pool): void {
  const { dbQueryDuration } = instruments();
  pool.on("connect", (client) => {
    const timed = client as unknown as { query: Query };
    const query = timed.query.bind(client);
    timed.query = (...args) => {
      const startedAt = performance.now();
      const seen = () => {
        const durationMs = performance.now() - startedAt;
        dbQueryDuration.observe({ operation: operationOf(args[0]) }, durationMs / MS_PER_SECOND);
        if (durationMs >= SLOW_QUERY_MS) logger().warn({ durationMs: Math.round(durationMs), statement: textOf(args[0]).slice(0, LOGGED_CHARACTERS) }, "slow query");
      };
      const last = args.at(-1);
      if (typeof last === "function") {
        const callback = last as Query;
        return query(...args.slice(0, -1), (...answer: unknown[]) => {
          seen();
          callback(...answer);
        });
      }
      const result = query(...args);
      // The caller handles the failure; here it only has a duration.
      if (result instanceof Promise) result.then(seen, seen);
      return result;
    };
  });
}
