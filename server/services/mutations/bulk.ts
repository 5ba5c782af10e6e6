/**
 * Acts on many services as one tracked job. What was chosen is kept with the row when the act begins, so what is done is what was
 * shown. Each service is changed in a transaction that also moves the position: a killed worker's successor goes on where
 * it stopped and changes nothing twice.
 */
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { previewOf } from "../bulk-rules.ts";
import { bulkJob } from "../jobs.ts";
import { findCandidates, toBulk } from "../queries/bulk.ts";
import type { Bulk, BulkAction, StartBulk } from "../schema.ts";
import { runServiceNow } from "./checks.ts";
import { archiveService, restoreService } from "./services.ts";
import { pauseService, resumeService, tagService } from "./whole-service.ts";

const WORDS: Record<BulkAction, string> = { run: "Run the checks of", pause: "Pause", resume: "Resume", archive: "Archive", restore: "Restore", addTags: "Add tags to", removeTags: "Take tags from" };
/** Problems kept; more are the same problem. */
const PROBLEMS_KEPT = 20;
/** Acts kept: what was done stands in the audit trail. */
const KEPT = 200;

type Act = { action: BulkAction; tags: readonly string[] };

const perform: Record<BulkAction, (ctx: Context, id: string, tags: readonly string[]) => Promise<unknown>> = {
  run: (ctx, id) => runServiceNow(ctx, { id }),
  pause: (ctx, id) => pauseService(ctx, { id }),
  resume: (ctx, id) => resumeService(ctx, { id }),
  archive: (ctx, id) => archiveService(ctx, { id }),
  restore: (ctx, id) => restoreService(ctx, { id }),
  addTags: (ctx, id, tags) => tagService(ctx, { id, add: tags }),
  removeTags: (ctx, id, tags) => tagService(ctx, { id, remove: tags }),
};

/** Begins an act. Throws `conflict` when it would change another number of services than was shown, `precondition` when none. */
export async function startBulk(ctx: Context, { expected, ...input }: StartBulk): Promise<Bulk> {
  return inTransaction(ctx, async (tx) => {
    const { ids, affected } = previewOf(await findCandidates(tx, input), input);
    if (affected !== expected) throw new AppError("conflict", `${affected} services would change now, you saw ${expected}. Nothing was done; look again.`);
    if (affected === 0) throw new AppError("precondition", "None of these services would change.");
    const now = tx.now();
    const id = newId("blk", now);
    const row = { id, action: input.action, tags: input.tags, ids, state: "queued", requestedBy: actorLabel(tx.actor), createdAt: now, updatedAt: now };
    const made = await tx.db.serviceBulk.create({ data: row });
    const old = await tx.db.serviceBulk.findMany({ where: { finishedAt: { not: null } }, orderBy: { createdAt: "desc" }, skip: KEPT, select: { id: true } });
    await tx.db.serviceBulk.deleteMany({ where: { id: { in: old.map((one) => one.id) } } });
    await enqueue(tx, bulkJob, { bulkId: id });
    await audit(tx, { action: "services.startBulk", target: { kind: "bulk", id }, summary: `${WORDS[input.action]} ${affected} services`, after: { action: input.action, tags: input.tags, filter: input.filter, services: affected } });
    await announce(tx, { topic: "services" });
    return toBulk(made);
  });
}

/** Stops an act before its next service; what was done stays. Throws `not_found`, `conflict` when it is over. */
export async function cancelBulk(ctx: Context, { id }: { id: string }): Promise<Bulk> {
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.serviceBulk.updateMany({ where: { id, finishedAt: null }, data: { state: "cancelled", finishedAt: tx.now(), updatedAt: tx.now() } });
    const row = await tx.db.serviceBulk.findUnique({ where: { id } });
    if (!row) throw new AppError("not_found", "There is no such act. It may be too old.");
    if (count === 0) throw new AppError("conflict", "This act is over already.");
    await audit(tx, { action: "services.cancelBulk", target: { kind: "bulk", id }, summary: `Stopped after ${row.position} of ${row.ids.length} services` });
    await announce(tx, { topic: "services" });
    return toBulk(row);
  });
}

type Step = { id: string; position: number; serviceId: string };

/** Changes one service and moves on; false when the act is over or somebody else has moved on. */
async function takeStep(ctx: Context, act: Act, { id, position, serviceId }: Step): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.serviceBulk.updateMany({ where: { id, position, finishedAt: null }, data: { position: position + 1, changed: { increment: 1 }, state: "running", updatedAt: tx.now() } });
    if (count === 0) return false;
    await perform[act.action](tx, serviceId, act.tags);
    return true;
  });
}

/** Notes why a service was left as it is and moves on. */
async function noteProblem(ctx: Context, { id, position, serviceId }: Step, problem: string): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const row = await tx.db.serviceBulk.findUnique({ where: { id }, select: { problems: true } });
    const service = await tx.db.service.findUnique({ where: { id: serviceId }, select: { name: true } });
    const known = (row?.problems ?? []) as object[];
    const problems = known.length < PROBLEMS_KEPT ? [...known, { id: serviceId, name: service?.name ?? serviceId, problem }] : known;
    const { count } = await tx.db.serviceBulk.updateMany({ where: { id, position, finishedAt: null }, data: { position: position + 1, problems, state: "running", updatedAt: tx.now() } });
    return count > 0;
  });
}

async function stepOrNote(ctx: Context, act: Act, step: Step): Promise<boolean> {
  try {
    return await takeStep(ctx, act, step);
  } catch (error) {
    // What a service itself refuses must not stop the others; a database that fails must.
    if (!(error instanceof AppError) || error.code === "unavailable" || error.code === "internal") throw error;
    return noteProblem(ctx, step, error.message);
  }
}

/** Does what is left of an act, in the name of whoever began it. Stops when it was cancelled or the worker stops. */
export async function runBulk(ctx: Context, { bulkId: id }: { bulkId: string }): Promise<void> {
  const row = await ctx.db.serviceBulk.findUnique({ where: { id } });
  if (!row || row.finishedAt) return;
  const act = { action: row.action as BulkAction, tags: row.tags };
  const acting: Context = { ...ctx, actor: { kind: "system", name: `${row.requestedBy} (many services)` } };
  for (let { position } = row; position < row.ids.length; position++) {
    ctx.signal?.throwIfAborted();
    if (!(await stepOrNote(acting, act, { id, position, serviceId: row.ids[position] ?? "" }))) return;
  }
  await inTransaction(ctx, async (tx) => {
    await tx.db.serviceBulk.updateMany({ where: { id, finishedAt: null }, data: { state: "done", finishedAt: tx.now(), updatedAt: tx.now() } });
    await announce(tx, { topic: "services" });
  });
}
