/**
 * Daily partitions of the high-volume series, made ahead and dropped whole. Names and bounds are built from dates only,
 * never from input. An advisory lock makes processes take turns.
 */
import { DAY_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";

export const PARTITIONED = ["check_result", "rollup_minute"] as const;
export type Partitioned = (typeof PARTITIONED)[number];

const dayOf = (time: Date) => new Date(Math.floor(time.getTime() / DAY_MS) * DAY_MS);
const bound = (day: Date) => `${day.toISOString().slice(0, 10)} 00:00:00+00`;

/** The partition of a day, e.g. `check_result_20270115`. */
export function partitionName(parent: Partitioned, day: Date): string {
  return `${parent}_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

async function existing(ctx: Context, parent: Partitioned): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass(${`series.${parent}`})`;
  return rows.map((row) => row.name);
}

/** Makes the partitions that are missing from the day of `from` to the day of `to`. Returns how many it made. */
export async function ensurePartitions(ctx: Context, range: { from: Date; to: Date }): Promise<number> {
  const days: Date[] = [];
  for (let day = dayOf(range.from).getTime(); day <= range.to.getTime(); day += DAY_MS) days.push(new Date(day));
  let made = 0;
  for (const parent of PARTITIONED) {
    const known = new Set(await existing(ctx, parent));
    const missing = days.filter((day) => !known.has(partitionName(parent, day)));
    made += missing.length === 0 ? 0 : await makePartitions(ctx, parent, missing);
  }
  return made;
}

async function makePartitions(ctx: Context, parent: Partitioned, days: readonly Date[]): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`series.${parent}`}))`;
    for (const day of days) {
      const next = new Date(day.getTime() + DAY_MS);
      await tx.db.$executeRawUnsafe(
        `CREATE TABLE IF NOT EXISTS series.${partitionName(parent, day)} PARTITION OF series.${parent} FOR VALUES FROM ('${bound(day)}') TO ('${bound(next)}')`,
      );
    }
    return days.length;
  });
}

/** Drops the partitions of days that ended before `oldestKept`. Returns their names. */
export async function dropPartitions(ctx: Context, parent: Partitioned, oldestKept: Date): Promise<string[]> {
  const first = partitionName(parent, dayOf(oldestKept));
  const old = (await existing(ctx, parent)).filter((name) => /_\d{8}$/.test(name) && name < first);
  for (const name of old) await ctx.db.$executeRawUnsafe(`DROP TABLE IF EXISTS series.${name}`);
  return old;
}
