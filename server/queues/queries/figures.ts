/** How every queue stands, as its connection was last read; fresh from the system where that costs little. */
import { HOUR_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import type { QueueReading } from "../adapters/adapter.ts";
import { OWN_CONNECTION, RuleLevel, RuleState, type Counts, type Queue, type QueueRef } from "../schema/index.ts";
import { worstLevel } from "../rules.ts";
import { depthOf } from "../states.ts";
import { keyOf, readLastHour } from "./samples.ts";
import { systemOf } from "./systems.ts";

/** Everything about a queue but its sparkline. */
export type Figures = Omit<Queue, "sparkline">;

/** Figures that are older than this are no longer those of now: nobody samples. */
const STALE_MS = 60 * SECOND_MS;

type Stored = Counts & { connectionId: string; queue: string; oldestWaitingMs: number | null; isPaused: boolean; consumers: number | null; rules: { rule: string; level: string; since: Date; value: number }[]; connection: { name: string; lastReadAt: Date | null } };

const RANK = { critical: 0, warn: 1, ok: 2 } as const;

/** The worst first; those a later version wrote are left out. */
export function toRules(rules: Stored["rules"]): RuleState[] {
  return rules.flatMap((rule) => RuleState.safeParse(rule).data ?? []).sort((a, b) => RANK[a.level] - RANK[b.level] || a.rule.localeCompare(b.rule));
}

function toFigures(row: Stored, hour: { done: number; broken: number } | undefined, now: Date): Figures {
  const { connectionId, queue, oldestWaitingMs, isPaused, consumers, connection, waiting, active, delayed, failed, completed, dead } = row;
  const counts = { waiting, active, delayed, failed, completed, dead };
  const rules = toRules(row.rules);
  return {
    connection: connectionId, connectionName: connection.name, name: queue, counts, depth: depthOf(counts), oldestWaitingMs, isPaused, consumers,
    failedLastHour: hour?.broken ?? 0, completedLastHour: hour?.done ?? 0, readAt: connection.lastReadAt ?? now,
    level: worstLevel(rules.map((rule) => RuleLevel.parse(rule.level))), broken: rules.filter((rule) => rule.level !== "ok"),
  };
}

/** Puts what the system says now over what was stored. */
export function freshen(stored: Figures | undefined, reading: QueueReading, of: { connection: string; connectionName: string; now: Date }): Figures {
  const { name, counts, oldestWaitingMs, isPaused, consumers } = reading;
  const kept = stored ?? { failedLastHour: reading.flow.failed, completedLastHour: reading.flow.completed, level: "ok" as const, broken: [] };
  return { ...kept, connection: of.connection, connectionName: of.connectionName, name, counts, depth: depthOf(counts), oldestWaitingMs, isPaused, consumers, readAt: of.now };
}

/** Queues as stored, or one. */
export async function readStored(ctx: Context, only?: QueueRef): Promise<Figures[]> {
  const [rows, hours] = await Promise.all([
    ctx.db.queueState.findMany({ where: only ? { connectionId: only.connection, queue: only.queue } : {}, include: { rules: true, connection: { select: { name: true, lastReadAt: true } } } }),
    readLastHour(ctx, only),
  ]);
  return rows.map((row) => toFigures(row, hours.get(keyOf(row.connectionId, row.queue)), ctx.now()));
}

/** Every queue of every connection. While no worker samples, the own queue is counted here and now. */
export async function readFigures(ctx: Context): Promise<Figures[]> {
  const stored = await readStored(ctx);
  const own = await ctx.db.queueConnection.findUnique({ where: { id: OWN_CONNECTION }, select: { name: true, lastReadAt: true } });
  const isStale = !own?.lastReadAt || ctx.now().getTime() - own.lastReadAt.getTime() > STALE_MS;
  if (!isStale) return stored;
  const { system, name } = await systemOf(ctx, OWN_CONNECTION);
  const readings = await system.readQueues(ctx, { since: new Date(ctx.now().getTime() - HOUR_MS) });
  const known = new Map(stored.filter((queue) => queue.connection === OWN_CONNECTION).map((queue) => [queue.name, queue]));
  const fresh = readings.map((reading) => freshen(known.get(reading.name), reading, { connection: OWN_CONNECTION, connectionName: name, now: ctx.now() }));
  return [...fresh, ...stored.filter((queue) => queue.connection !== OWN_CONNECTION)];
}
