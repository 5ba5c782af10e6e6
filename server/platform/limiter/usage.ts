/**
 * Who used how much, by minute, tier and caller. Calls are added up in memory and written every few seconds in one
 * statement, never one by one. A flood of callers is kept as one more called "others". When writing fails the sums stay
 * for the next time, up to a bound; figures are for looking at, limits never depend on them.
 */
import { MINUTE_MS, SECOND_MS, type Clock, systemClock } from "../clock.ts";
import { database, type Db } from "../db.ts";
import { logger } from "../logger.ts";
import type { Decision } from "./limiter.ts";
import type { Tier } from "./tiers.ts";

const FLUSH_MS = 5 * SECOND_MS;
/** Rows that one flush may write; what comes beyond is added to "others". */
const MAX_ROWS = 2_000;
const OTHERS = "others";

type Sum = { minute: number; tier: Tier; caller: string; allowed: number; refused: number; peak: number };

export type UsageRecorder = {
  note: (call: { tier: Tier; caller: string }, decision: Pick<Decision, "isAllowed" | "limit" | "remaining">, db?: Db) => void;
  /** Writes what was added up; rejects when the database does not take it. */
  flush: (db: Db) => Promise<void>;
  close: () => Promise<void>;
};

async function write(db: Db, sums: readonly Sum[]): Promise<void> {
  const column = <K extends keyof Sum>(name: K): Sum[K][] => sums.map((sum) => sum[name]);
  // Sorted, so that processes that write at the same time never wait for each other in a circle.
  await db.$executeRaw`
    INSERT INTO series.limit_usage AS u (minute, tier, caller, allowed, refused, peak)
    SELECT to_timestamp(minute / 1000), tier, caller, sum(allowed), sum(refused), max(peak)
    FROM unnest(${column("minute")}::float8[], ${column("tier")}::text[], ${column("caller")}::text[], ${column("allowed")}::int[], ${column("refused")}::int[], ${column("peak")}::int[])
      AS n (minute, tier, caller, allowed, refused, peak)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (minute, tier, caller) DO UPDATE SET
      allowed = u.allowed + EXCLUDED.allowed, refused = u.refused + EXCLUDED.refused, peak = greatest(u.peak, EXCLUDED.peak)`;
}

type Sums = {
  of: (minute: number, tier: Tier, caller: string) => Sum;
  /** Everything since the last time, which then counts as gone. */
  take: () => Sum[];
  /** Puts back what was not written. Beyond the bound the oldest is given up. */
  putBack: (lost: readonly Sum[]) => void;
  readonly isEmpty: boolean;
};

function createSums(): Sums {
  let sums: Sum[] = [];
  // Where the present minute's sums are found.
  let minuteNow = Number.NaN;
  const found = new Map<Tier, Map<string, Sum>>();
  const callersOf = (tier: Tier): Map<string, Sum> => {
    const known = found.get(tier) ?? new Map<string, Sum>();
    found.set(tier, known);
    return known;
  };
  const of = (minute: number, tier: Tier, caller: string): Sum => {
    if (minute !== minuteNow) found.clear();
    minuteNow = minute;
    const callers = callersOf(tier);
    const known = callers.get(caller);
    if (known) return known;
    if (sums.length >= MAX_ROWS && caller !== OTHERS) return of(minute, tier, OTHERS);
    const made = { minute, tier, caller, allowed: 0, refused: 0, peak: 0 };
    callers.set(caller, made);
    sums.push(made);
    return made;
  };
  return {
    of,
    take: () => {
      found.clear();
      return sums.splice(0);
    },
    putBack: (lost) => {
      sums = [...lost, ...sums].slice(-2 * MAX_ROWS);
    },
    get isEmpty() {
      return sums.length === 0;
    },
  };
}

/** Makes a recorder. Its timer runs only while there is something to write and never keeps the process alive. */
export function createUsageRecorder(now: Clock, flushMs = FLUSH_MS): UsageRecorder {
  const sums = createSums();
  let timer: NodeJS.Timeout | null = null;
  let lastDb: Db | undefined;

  const flush = async (db: Db): Promise<void> => {
    if (sums.isEmpty) return;
    const taken = sums.take();
    try {
      await write(db, taken);
    } catch (error) {
      sums.putBack(taken);
      throw error;
    }
  };
  const onTime = (): void => {
    timer = null;
    flush(lastDb ?? database().client).catch((error: unknown) => {
      logger().warn({ err: error }, "usage of limits could not be written, will try again");
      arm();
    });
  };
  const arm = (): void => {
    timer ??= setTimeout(onTime, flushMs).unref();
  };
  return {
    note: ({ tier, caller }, { isAllowed, limit, remaining }, db) => {
      if (db) lastDb = db;
      const sum = sums.of(Math.floor(now().getTime() / MINUTE_MS) * MINUTE_MS, tier, caller);
      const used = isAllowed ? Math.round(((limit - remaining) / Math.max(1, limit)) * 100) : 100;
      if (isAllowed) sum.allowed += 1;
      else sum.refused += 1;
      if (used > sum.peak) sum.peak = used;
      arm();
    },
    flush,
    close: async () => {
      if (timer) clearTimeout(timer);
      timer = null;
      await flush(lastDb ?? database().client).catch((error: unknown) => logger().warn({ err: error }, "the last usage of limits was not written"));
    },
  };
}

const holder = globalThis as { seaworthyLimitUsage?: UsageRecorder };

/** The process's recorder. */
export function usage(): UsageRecorder {
  holder.seaworthyLimitUsage ??= createUsageRecorder(systemClock);
  return holder.seaworthyLimitUsage;
}
