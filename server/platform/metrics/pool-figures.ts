/** How full the process's pool of database connections is. */
import type pg from "pg";

export type PoolFigures = { total: number; idle: number; active: number; waiting: number; max: number };

const holder = globalThis as { seaworthyDatabase?: { pool: pg.Pool } };

/** Figures of the pool; null before its first use. */
export function poolFigures(): PoolFigures | null {
  const pool = holder.seaworthyDatabase?.pool;
  if (!pool) return null;
  const { totalCount, idleCount, waitingCount } = pool;
  return { total: totalCount, idle: idleCount, active: totalCount - idleCount, waiting: waitingCount, max: pool.options.max ?? totalCount };
}
