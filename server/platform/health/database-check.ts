/** The database: does it answer, and how full are the connections? */
import type pg from "pg";
import type { Db } from "../db.ts";
import type { Check } from "./run-check.ts";

/** Share of the server's connections from which operators should know. */
const NEARLY_FULL = 0.8;

export type PoolFigures = { total: number; idle: number; active: number; waiting: number; max: number };

const holder = globalThis as { seaworthyDatabase?: { pool: pg.Pool } };

/** Figures of the process's pool; null before its first use. */
export function poolFigures(): PoolFigures | null {
  const pool = holder.seaworthyDatabase?.pool;
  if (!pool) return null;
  const { totalCount, idleCount, waitingCount } = pool;
  return { total: totalCount, idle: idleCount, active: totalCount - idleCount, waiting: waitingCount, max: pool.options.max ?? totalCount };
}

/** Answers `SELECT 1`. */
export function databaseCheck(db: Db): Check {
  return async () => {
    await db.$queryRaw`SELECT 1`;
    return { status: "up" };
  };
}

type ServerConnections = { used: number; allowed: number };

/** Degraded when calls wait for a connection, or when the server itself has few left. */
export function poolCheck(db: Db): Check {
  return async () => {
    const [server] = await db.$queryRaw<ServerConnections[]>`
      SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed`;
    const pool = poolFigures();
    const detail = { ...pool, serverUsed: server?.used ?? null, serverMax: server?.allowed ?? null };
    if (server && server.used >= server.allowed * NEARLY_FULL) {
      return { status: "degraded", error: `${server.used} of the server's ${server.allowed} connections are taken. Lower DB_POOL_MAX or raise max_connections.`, detail };
    }
    if (pool && pool.waiting > 0 && pool.total >= pool.max) {
      return { status: "degraded", error: `All ${pool.max} connections are busy and ${pool.waiting} calls wait. Raise DB_POOL_MAX or look for slow queries.`, detail };
    }
    return { status: "up", detail };
  };
}
