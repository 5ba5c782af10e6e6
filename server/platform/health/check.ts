/**
 * Checks everything the console stands on, all at once: each part within a second, so the whole stays far below five
 * even when everything hangs. Callers within two seconds share one result, so probes cannot make load.
 */
import { monotonicMs } from "../clock.ts";
import type { Context } from "../context.ts";
import { databaseCheck, poolCheck } from "./database-check.ts";
import { breakerCheck } from "./breaker-check.ts";
import { judgeConsole, type HealthDocument } from "./judge.ts";
import { uptimeSeconds, version } from "./live.ts";
import { diskCheck, eventLoopCheck, memoryCheck } from "./process-checks.ts";
import { queueCheck } from "./queue-check.ts";
import { hasLastKnownFacts } from "./readiness.ts";
import { redisCheck } from "./redis-check.ts";
import { runCheck, type Check } from "./run-check.ts";

/** How long a result is shared. */
export const CACHE_MS = 2_000;

type World = Pick<Context, "db" | "now">;

function checksOf({ db }: World): Record<string, Check> {
  const redis = redisCheck();
  return {
    database: databaseCheck(db),
    pool: poolCheck(db),
    queue: queueCheck(db),
    ...(redis ? { redis } : {}),
    breakers: breakerCheck,
    eventLoop: eventLoopCheck,
    memory: memoryCheck,
    disk: diskCheck,
  };
}

/** Runs `checks` together and makes the document. `hasLastKnown`: facts can be shown while the database is away. */
export async function runChecks(checks: Record<string, Check>, now: Context["now"], hasLastKnown = false): Promise<HealthDocument> {
  const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const));
  const byName = Object.fromEntries(results);
  return { ...judgeConsole(byName, hasLastKnown), timestamp: now().toISOString(), uptime: uptimeSeconds(), version: version(), checks: byName };
}

type Shared = { at: number; db: World["db"]; document: Promise<HealthDocument> };

const holder = globalThis as { seaworthyHealth?: Shared };

/** The console's health, at most two seconds old. Never rejects. */
export function checkHealth(ctx: World): Promise<HealthDocument> {
  const known = holder.seaworthyHealth;
  const at = monotonicMs();
  if (known && known.db === ctx.db && at - known.at < CACHE_MS) return known.document;
  const document = runChecks(checksOf(ctx), ctx.now, hasLastKnownFacts());
  holder.seaworthyHealth = { at, db: ctx.db, document };
  return document;
}
