/** Looks at services by guarded requests: the headers of their address, whether their links answer. */
import { HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { readServiceFacts, type ServiceFacts } from "../../services/queries/index.ts";
import { OBSERVED, type Observation, type ObservedKind } from "../facts.ts";
import { look } from "../look.ts";
import { linkOf } from "../rules/words.ts";

/** What was looked at so lately is not looked at again by the clock. */
const AGAIN_MS = 6 * HOUR_MS;
/** Requests at once: gentle on small links, and a thousand services are seen within the hour. */
const AT_ONCE = 8;
/** Services of one round, so that a round ends within its time limit even if nothing answers. */
export const SERVICES_A_ROUND = 40;

async function save(ctx: Context, serviceId: string, seen: Observation): Promise<void> {
  const { kind, ...facts } = seen;
  const data = { ...facts, detail: facts.detail };
  await ctx.db.readinessObservation.upsert({ where: { serviceId_kind: { serviceId, kind } }, create: { serviceId, kind, ...data }, update: data });
}

type Task = { serviceId: string; kind: ObservedKind; url: string };

/** What there is to look at: each kind for which the service has an address. */
function tasksOf(service: ServiceFacts): Task[] {
  return OBSERVED.flatMap((kind) => {
    const url = linkOf(service, kind);
    return url ? [{ serviceId: service.id, kind, url }] : [];
  });
}

async function forget(ctx: Context, service: ServiceFacts): Promise<void> {
  const kinds = tasksOf(service).map(({ kind }) => kind);
  await ctx.db.readinessObservation.deleteMany({ where: { serviceId: service.id, kind: { notIn: kinds } } });
}

async function run(ctx: Context, tasks: readonly Task[]): Promise<void> {
  const rest = [...tasks];
  const worker = async (): Promise<void> => {
    for (let task = rest.shift(); task !== undefined; task = rest.shift()) {
      ctx.signal?.throwIfAborted();
      const seen = await look(ctx.http, { kind: task.kind, url: task.url }, ctx);
      await save(ctx, task.serviceId, seen);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Ids of services that nothing looked at lately, longest ago first. */
async function dueServices(ctx: Context): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM service s LEFT JOIN readiness_observation o ON o.service_id = s.id
    WHERE s.archived_at IS NULL AND (s.repository_url IS NOT NULL OR jsonb_array_length(s.links) > 0 OR EXISTS (SELECT FROM service_check c WHERE c.service_id = s.id AND c.kind = 'http' AND c.paused_at IS NULL))
    GROUP BY s.id HAVING coalesce(min(o.observed_at), '-infinity') < ${new Date(ctx.now().getTime() - AGAIN_MS)} OR max(s.updated_at) > min(o.observed_at)
    ORDER BY coalesce(min(o.observed_at), '-infinity'), s.id LIMIT ${SERVICES_A_ROUND}`;
  return rows.map(({ id }) => id);
}

/** Looks at the services named, or at those whose turn it is. Returns how many it looked at. */
export async function observe(ctx: Context, only: readonly string[] | null = null): Promise<number> {
  const services = await readServiceFacts(ctx, only ?? (await dueServices(ctx)));
  for (const service of services) await forget(ctx, service);
  await run(ctx, services.flatMap(tasksOf));
  return services.length;
}
