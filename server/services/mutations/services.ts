/** Changes of the registry: create, update, archive, restore, and the console as its own first service. */
import type { Prisma } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { invalidate } from "../../platform/cache/cache.ts";
import { announce } from "../../platform/live/announce.ts";
import { CheckConfig } from "../check-config.ts";
import { FACETS_GROUP, findService, getService } from "../queries/index.ts";
import { toServiceFacts } from "../queries/rows.ts";
import type { CreateService, ServiceDetail, UpdateService } from "../schema.ts";
import { freeSlug, slugOf } from "../slug.ts";
import { NO_CHECKS } from "../state.ts";
import { insertCheck, makeDue, takeOffSchedule } from "./rows.ts";

/** The console's own place in the registry. */
const SELF = { name: "Seaworthy", slug: "seaworthy", description: "This console, watching itself.", tier: 2, owner: "Platform" } as const;
/** Often enough to see a stall, rare enough to cost nothing. */
const SELF_INTERVAL_SECONDS = 20;

const slugTaken = (slug: string) =>
  new AppError("conflict", `The slug ${slug} is taken. Choose another one.`, { detail: { fields: { slug: "Taken by another service" } } });

async function suggestSlug(ctx: Context, name: string): Promise<string> {
  const slug = slugOf(name);
  const near = await ctx.db.service.findMany({ where: { slug: { startsWith: slug } }, select: { slug: true } });
  return freeSlug(slug, new Set(near.map((row) => row.slug)));
}

type NewService = Omit<Prisma.ServiceCreateManyInput, "id" | "stateSince" | "createdAt" | "updatedAt" | "updatedBy" | "stateReason">;

/** Inserts a service without checks. Returns its id, or null when the slug is taken (also in a race). */
async function insertService(ctx: Context, data: NewService): Promise<string | null> {
  const now = ctx.now();
  const id = newId("svc", now);
  const row = { ...data, id, stateSince: now, stateReason: NO_CHECKS, createdAt: now, updatedAt: now, updatedBy: actorLabel(ctx.actor) };
  const { count } = await ctx.db.service.createMany({ data: [row], skipDuplicates: true });
  return count === 1 ? id : null;
}

/** Adds a service, with a first HTTP check when an address is given. Throws `conflict` when the slug is taken. */
export async function createService(ctx: Context, input: CreateService): Promise<ServiceDetail> {
  const { address, ...facts } = input;
  return inTransaction(ctx, async (tx) => {
    const slug = input.slug ?? (await suggestSlug(tx, input.name));
    const id = await insertService(tx, { ...facts, slug });
    if (!id) throw slugTaken(slug);
    if (address) await insertCheck(tx, id, { config: CheckConfig.parse({ kind: "http", url: address }) });
    const service = await getService(tx, { id });
    await audit(tx, { action: "services.create", target: { kind: "service", id }, summary: `Added ${input.name}`, after: { ...facts, slug, address } });
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services", id });
    return service;
  });
}

/** Changes the facts of a service. Throws `conflict` when somebody else changed it first, or when the slug is taken. */
export async function updateService(ctx: Context, input: UpdateService): Promise<ServiceDetail> {
  const { id: idOrSlug, revision, ...changes } = input;
  return inTransaction(ctx, async (tx) => {
    const before = await findService(tx, idOrSlug);
    if (changes.slug && changes.slug !== before.slug) {
      const holder = await tx.db.service.findUnique({ where: { slug: changes.slug }, select: { id: true } });
      if (holder) throw slugTaken(changes.slug);
    }
    const { count } = await tx.db.service.updateMany({
      where: { id: before.id, revision },
      data: { ...changes, revision: { increment: 1 }, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) },
    });
    if (count === 0) throw new AppError("conflict", "Somebody else changed this service meanwhile. Nothing was saved; reload and try again.");
    const after = await getService(tx, { id: before.id });
    await audit(tx, {
      action: "services.update",
      target: { kind: "service", id: before.id },
      summary: `Changed ${after.name}`,
      before: toServiceFacts(before),
      after: changes,
    });
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services", id: before.id });
    return after;
  });
}

/** Takes a service out of the lists and stops its checks; its history is kept. Throws `conflict` when it is archived, `precondition` for the console itself. */
export async function archiveService(ctx: Context, input: { id: string }): Promise<ServiceDetail> {
  return inTransaction(ctx, async (tx) => {
    const service = await findService(tx, input.id);
    if (service.isSelf) throw new AppError("precondition", "The console watches itself and cannot be archived.");
    // Checks before the service, the order in which results are written: two orders could deadlock.
    await takeOffSchedule(tx, { serviceId: service.id });
    const { count } = await tx.db.service.updateMany({
      where: { id: service.id, archivedAt: null },
      data: { archivedAt: tx.now(), updatedAt: tx.now(), updatedBy: actorLabel(tx.actor), revision: { increment: 1 } },
    });
    if (count === 0) throw new AppError("conflict", `${service.name} is archived already.`);
    await audit(tx, { action: "services.archive", target: { kind: "service", id: service.id }, summary: `Archived ${service.name}` });
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services", id: service.id });
    return getService(tx, { id: service.id });
  });
}

/** Brings an archived service back; its unpaused checks run again. Throws `conflict` when it is not archived. */
export async function restoreService(ctx: Context, input: { id: string }): Promise<ServiceDetail> {
  return inTransaction(ctx, async (tx) => {
    const service = await findService(tx, input.id);
    await makeDue(tx, { serviceId: service.id });
    const { count } = await tx.db.service.updateMany({
      where: { id: service.id, archivedAt: { not: null } },
      data: { archivedAt: null, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor), revision: { increment: 1 } },
    });
    if (count === 0) throw new AppError("conflict", `${service.name} is not archived.`);
    await audit(tx, { action: "services.restore", target: { kind: "service", id: service.id }, summary: `Restored ${service.name}` });
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services", id: service.id });
    return getService(tx, { id: service.id });
  });
}

/** Registers the console as a service with one check of itself. Idempotent; several processes may call it at once. */
export async function ensureSelf(ctx: Context): Promise<void> {
  const known = await ctx.db.service.findFirst({ where: { isSelf: true }, select: { id: true } });
  if (known) return;
  await inTransaction(ctx, async (tx) => {
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('services.self'))`;
    if (await tx.db.service.findFirst({ where: { isSelf: true }, select: { id: true } })) return;
    const id = await insertService(tx, { ...SELF, slug: await suggestSlug(tx, SELF.slug), isSelf: true });
    if (!id) return;
    await insertCheck(tx, id, { config: { kind: "self" }, name: "Own health", intervalSeconds: SELF_INTERVAL_SECONDS });
    await audit(tx, { action: "services.create", target: { kind: "service", id }, summary: "Registered the console as its first service" });
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services", id });
  });
}
