/** Times every query of a pool, by its first word, at the cost of two clock reads. */
import type pg from "pg";
import { instruments } from "./registry.ts";

const MS_PER_SECOND = 1_000;
const OPERATIONS = new Set(["select", "insert", "update", "delete", "begin", "commit", "rollback"]);

/** The label of a statement: its first word, or "other". */
export function operationOf(query: unknown): string {
  const text = typeof query === "string" ? query : (query as { text?: unknown } | null)?.text;
  const word = typeof text === "string" ? (/^\s*([a-z]+)/i.exec(text)?.[1]?.toLowerCase() ?? "") : "";
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
      const seen = () => dbQueryDuration.observe({ operation: operationOf(args[0]) }, (performance.now() - startedAt) / MS_PER_SECOND);
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
