/** What probes may touch, made from a context. */
import type { Context } from "../platform/context.ts";
import { checkHealth } from "../platform/health/check.ts";
import type { ProbeWorld } from "./probes/reading.ts";

/** The world of a probe: the guarded network, the clock, the console's own health and what jobs reported. */
export function probeWorld(ctx: Context): ProbeWorld {
  return {
    http: ctx.http,
    now: ctx.now,
    checkSelf: () => checkHealth(ctx),
    readHeartbeat: (pingId) => ctx.db.heartbeat.findUnique({ where: { pingId } }),
  };
}
