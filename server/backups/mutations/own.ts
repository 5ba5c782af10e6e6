/** The console is its own first customer: on its first start it has a plan for its own database and a store to keep it in. */
import { audit } from "../../platform/audit.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { nextDrill } from "../cadence.ts";
import { checkStore, PREFLIGHT_TIMEOUT_MS } from "../preflight.ts";
import { defaultRetention } from "../schema.ts";
import { DrillRules } from "../schema/drill-rules.ts";
import { sealStore } from "../secrets.ts";
import { OWN_PLAN_NAME, SELF_LABEL } from "../source-words.ts";
import { openLocalStore } from "../stores/local.ts";
import { ownStoreFolder } from "../world.ts";

const asJson = (value: unknown) => value as Prisma.InputJsonValue;
const OWN_STORE_NAME = "This machine";
/** The first backup is taken soon, so that day one has something to show, but not while everything starts. */
const FIRST_RUN_MS = 2 * MINUTE_MS;
const DAY_MINUTES = 1_440;
const HOUR_MINUTES = 60;
/** Queues, series and counters empty and refill by themselves; losing their rows says nothing. */
const VOLATILE = ["pgboss.*", "series.*", "public.process_instance", "public.idempotent_request", "public.limit_attempt", "public.session", "public.one_time_link", "public.breaker"];

/** Questions that a restored copy of the console must answer with yes. */
const ASSERTIONS = [
  { name: "The audit trail is whole", sql: "SELECT (SELECT count(*) FROM audit_entry) + archived_seq = seq FROM audit_chain" },
  { name: "The plans are there", sql: "SELECT count(*) > 0 FROM backup_plan" },
];

/** The folder of the console, made and tested, so that the first look at the stores tells how it is. */
async function testOwnStore(ctx: Context, folder: string) {
  const signal = AbortSignal.any([AbortSignal.timeout(PREFLIGHT_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
  const { problem, freeBytes } = await checkStore(await openLocalStore({ kind: "local", folder }), { lastBytes: null, signal });
  return { checkedAt: ctx.now(), checkProblem: problem, freeBytes: freeBytes === null ? null : BigInt(Math.floor(freeBytes)) };
}

async function addOwn(ctx: Context, folder: string, facts: Awaited<ReturnType<typeof testOwnStore>>): Promise<void> {
  const now = ctx.now();
  const config = { kind: "local" as const, folder };
  const known = await ctx.db.backupStore.findUnique({ where: { name: OWN_STORE_NAME } });
  const storeId = known?.id ?? newId("sto", now);
  if (!known) await ctx.db.backupStore.create({ data: { id: storeId, name: OWN_STORE_NAME, kind: "local", config: asJson(sealStore(config)), label: folder, ...facts, createdAt: now, updatedAt: now } });
  const id = newId("pln", now);
  const drill = DrillRules.parse({ assertions: ASSERTIONS });
  await ctx.db.backupPlan.create({
    data: {
      id, name: OWN_PLAN_NAME, slug: "seaworthy", source: { kind: "self" }, sourceKind: "self", sourceLabel: SELF_LABEL, isSelf: true, cron: "0 2 * * *", timeZone: "UTC", nextRunAt: new Date(now.getTime() + FIRST_RUN_MS),
      rpoMinutes: DAY_MINUTES, rtoMinutes: HOUR_MINUTES, drill: asJson(drill), nextDrillAt: nextDrill(drill, "UTC", now), hooks: [], volatileTables: VOLATILE, createdAt: now, updatedAt: now, updatedBy: actorLabel(ctx.actor),
      stores: { create: { storeId, retention: asJson(defaultRetention("local", "database")) } },
    },
  });
  await audit(ctx, { action: "backups.createPlan", target: { kind: "backupPlan", id }, summary: "Added the plan for the console's own database" });
}

/** Makes the console's own plan and store, once ever: an archived one is not made again. */
export async function ensureOwnPlan(ctx: Context): Promise<void> {
  const folder = ownStoreFolder();
  if (await ctx.db.backupPlan.findFirst({ where: { isSelf: true }, select: { id: true } })) return;
  const facts = await testOwnStore(ctx, folder);
  await inTransaction(ctx, async (tx) => {
    // Two workers may start at once; the lock lets the second one see what the first one made.
    await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('backups.own'))`;
    if (!(await tx.db.backupPlan.findFirst({ where: { isSelf: true }, select: { id: true } }))) await addOwn(tx, folder, facts);
  });
}
