/** Acts on a whole service that also run for many: each checks again under lock what was true when it was chosen. */
import { audit } from "../../platform/audit.ts";
import { invalidate } from "../../platform/cache/cache.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { FACETS_GROUP, findService } from "../queries/index.ts";
import { makeDue, refreshServiceStates, takeOffSchedule } from "./rows.ts";

/** Stops every check of a service until it is resumed. Throws `conflict` when all are paused. */
export async function pauseService(ctx: Context, { id }: { id: string }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const service = await findService(tx, id);
    await takeOffSchedule(tx, { serviceId: service.id });
    const { count } = await tx.db.check.updateMany({ where: { serviceId: service.id, pausedAt: null }, data: { pausedAt: tx.now(), updatedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", `${service.name} is paused already.`);
    await refreshServiceStates(tx, [service.id]);
    await audit(tx, { action: "services.pause", target: { kind: "service", id: service.id }, summary: `Paused ${count} checks of ${service.name}` });
    await announce(tx, { topic: "services", id: service.id });
  });
}

/** Starts the paused checks of a service again, as unknown until their first result. Throws `conflict` when none is paused. */
export async function resumeService(ctx: Context, { id }: { id: string }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const service = await findService(tx, id);
    const fresh = { state: "unknown", stateSince: tx.now(), stateReason: "Resumed, no result yet", consecutiveFailures: 0, consecutiveSuccesses: 0 } as const;
    await takeOffSchedule(tx, { serviceId: service.id });
    const { count } = await tx.db.check.updateMany({ where: { serviceId: service.id, pausedAt: { not: null } }, data: { ...fresh, pausedAt: null, lastKnownAt: null, updatedAt: tx.now() } });
    if (count === 0) throw new AppError("conflict", `No check of ${service.name} is paused.`);
    if (!service.archivedAt) await makeDue(tx, { serviceId: service.id });
    await refreshServiceStates(tx, [service.id]);
    await audit(tx, { action: "services.resume", target: { kind: "service", id: service.id }, summary: `Resumed ${count} checks of ${service.name}` });
    await announce(tx, { topic: "services", id: service.id });
  });
}

const MOST_TAGS = 30;

/** Adds or takes away tags. Throws `conflict` when nothing would change, `precondition` for too many tags. */
export async function tagService(ctx: Context, { id, add = [], remove = [] }: { id: string; add?: readonly string[]; remove?: readonly string[] }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const service = await findService(tx, id);
    const tags = [...new Set([...service.tags, ...add])].filter((tag) => !remove.includes(tag));
    if (tags.length > MOST_TAGS) throw new AppError("precondition", `${service.name} would have more than ${MOST_TAGS} tags.`);
    if (tags.length === service.tags.length && tags.every((tag) => service.tags.includes(tag))) throw new AppError("conflict", `${service.name} has these tags already.`);
    const { count } = await tx.db.service.updateMany({ where: { id: service.id, revision: service.revision }, data: { tags, revision: { increment: 1 }, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) } });
    if (count === 0) throw new AppError("conflict", `Somebody else changed ${service.name} meanwhile.`);
    await audit(tx, { action: "services.tag", target: { kind: "service", id: service.id }, summary: `Changed the tags of ${service.name}`, before: { tags: service.tags }, after: { tags } });
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services", id: service.id });
  });
}
