import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { verifyAuditJob } from "../jobs.ts";
import { SILENT_AFTER_MS, toVerification } from "../queries/verifications.ts";
import { verifyAudit, type AuditVerdict } from "../queries/index.ts";
import type { TrailVerdict, Verification } from "../schema.ts";

/** Checks kept; each says how the trail was at one moment. */
const KEPT = 50;
/** Entries between two reports of progress. */
const REPORT_EVERY = 5_000;

/** Starts a check of the whole trail by the worker. Throws `conflict` while one is under way. */
export async function startVerification(ctx: Context): Promise<Verification> {
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const silentSince = new Date(now.getTime() - SILENT_AFTER_MS);
    await tx.db.auditVerification.updateMany({ where: { finishedAt: null, updatedAt: { lt: silentSince } }, data: { state: "failed", problem: "The worker was lost.", finishedAt: now } });
    const id = newId("ver", now);
    const { count } = await tx.db.auditVerification.createMany({ data: { id, state: "queued", requestedBy: actorLabel(tx.actor), createdAt: now, updatedAt: now }, skipDuplicates: true });
    if (count === 0) throw new AppError("conflict", "The trail is being checked at this moment. Its result shows here in a while.");
    const old = await tx.db.auditVerification.findMany({ orderBy: { createdAt: "desc" }, skip: KEPT, select: { id: true } });
    await tx.db.auditVerification.deleteMany({ where: { id: { in: old.map((row) => row.id) } } });
    await enqueue(tx, verifyAuditJob, { verificationId: id });
    await audit(tx, { action: "access.verifyAudit", target: { kind: "audit", id }, summary: "Started a check of the audit trail" });
    await announce(tx, { topic: "access", id });
    return toVerification(await tx.db.auditVerification.findUniqueOrThrow({ where: { id } }), now);
  });
}

function toTrailVerdict({ firstBad, head, ...verdict }: AuditVerdict): TrailVerdict {
  return { ...verdict, firstBad: firstBad?.toString() ?? null, head: { seq: head.seq.toString(), hash: head.hash } };
}

type Report = { verificationId: string; dataDir: string };

/** Checks the trail and keeps what was found; reports progress on the way. A second run of the same check starts over. */
export async function runVerification(ctx: Context, { verificationId: id, dataDir }: Report): Promise<void> {
  const where = { id, finishedAt: null };
  const total = (await ctx.db.auditChain.findUniqueOrThrow({ where: { id: 1 }, select: { seq: true } })).seq;
  const { count } = await ctx.db.auditVerification.updateMany({ where, data: { state: "running", total: Number(total), entries: 0, updatedAt: ctx.now() } });
  if (count === 0) return;
  const onEntries = async (entries: number) => {
    if (entries % REPORT_EVERY !== 0) return;
    ctx.signal?.throwIfAborted();
    await ctx.db.auditVerification.updateMany({ where, data: { entries, updatedAt: ctx.now() } });
    await announce(ctx, { topic: "access", id });
  };
  const verdict = toTrailVerdict(await verifyAudit(ctx, { dataDir, onEntries }));
  await inTransaction(ctx, async (tx) => {
    const now = tx.now();
    await tx.db.auditVerification.updateMany({ where, data: { state: "done", entries: verdict.entries, verdict, updatedAt: now, finishedAt: now } });
    await announce(tx, { topic: "access", id });
  });
  if (!verdict.isIntact) ctx.log.error({ firstBad: verdict.firstBad, problem: verdict.problem }, "the audit trail is not as it was written");
}

/** Notes that a check could not be finished. */
export async function giveUpVerification(ctx: Context, input: { verificationId: string; problem: string }): Promise<void> {
  const now = ctx.now();
  await ctx.db.auditVerification.updateMany({ where: { id: input.verificationId, finishedAt: null }, data: { state: "failed", problem: input.problem, updatedAt: now, finishedAt: now } });
  await announce(ctx, { topic: "access", id: input.verificationId });
}
