/**
 * The counter of last resort: destructive calls are counted in PostgreSQL while the shared store is away, so that they
 * are never counted by each process alone. Weighted windows on the database's clock, one statement per window.
 */
import { SECOND_MS } from "../clock.ts";
import type { Db } from "../db.ts";
import { AppError } from "../errors.ts";
import { tightest, type Decision } from "./limiter.ts";
import type { Window } from "./windows.ts";

type Row = { calls: number | null; used: number; ends_ms: number };

async function chargeWindow(db: Db, window: Window, caller: string): Promise<Decision> {
  const { name, max, windowMs } = window;
  const [row] = await db.$queryRaw<Row[]>`
    WITH clock AS (SELECT extract(epoch FROM clock_timestamp()) * 1000 AS at),
    slot AS (SELECT floor(at / ${windowMs})::bigint AS n, 1 - (at / ${windowMs} - floor(at / ${windowMs})) AS previous_weight FROM clock),
    before AS (SELECT coalesce((SELECT calls FROM series.limit_counter p, slot WHERE p.window_name = ${name} AND p.caller = ${caller} AND p.slot = slot.n - 1), 0) * previous_weight AS used FROM slot),
    counted AS (
      INSERT INTO series.limit_counter AS k (window_name, caller, slot, slot_ends, calls)
      SELECT ${name}, ${caller}, n, to_timestamp((n + 1) * ${windowMs}::float8 / 1000), 1 FROM slot, before WHERE before.used + 1 <= ${max}::float8
      ON CONFLICT (window_name, caller, slot) DO UPDATE SET calls = k.calls + 1 WHERE k.calls + 1 + (SELECT used FROM before) <= ${max}::float8
      RETURNING calls)
    SELECT (SELECT calls FROM counted) AS calls, before.used::float8 AS used, ((slot.n + 1) * ${windowMs}::float8 - clock.at)::float8 AS ends_ms FROM slot, before, clock`;
  const isAllowed = row?.calls !== null && row?.calls !== undefined;
  return {
    isAllowed,
    limit: max,
    remaining: isAllowed ? Math.max(0, Math.floor(max - (row.calls ?? 0) - row.used)) : 0,
    resetSeconds: Math.max(1, Math.ceil((row?.ends_ms ?? windowMs) / SECOND_MS)),
    windowSeconds: Math.ceil(windowMs / SECOND_MS),
  };
}

/** Counts one call in every window; throws AppError `unavailable` when the database is away too. */
export async function chargeDatabase(db: Db, windows: readonly Window[], caller: string): Promise<Decision> {
  try {
    return tightest(await Promise.all(windows.map((window) => chargeWindow(db, window, caller))));
  } catch (error) {
    throw new AppError("unavailable", "This call could not be counted, so it was refused. Nothing was changed; try again in a moment.", { cause: error });
  }
}
