/** The database: does it answer, and how full are the connections? */
import type { Db } from "../db.ts";
import { poolFigures } from "../metrics/pool-figures.ts";
import type { Check } from "./run-check.ts";

/** Share of the server's connections from which operators should know. */
const NEARLY_FULL = 0.8;

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
