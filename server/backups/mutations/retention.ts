/** Deletions: decided here with the rule that says so, carried out by the retention job, store first and row second. */
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { retainJob } from "../jobs.ts";
import { findPlan, type PlanWithStores } from "../queries/index.ts";
import { judgeCopies } from "../queries/retention.ts";
import type { ApplyRetention, RetentionPolicy } from "../schema.ts";

type Pass = { plan: PlanWithStores; storeId: string; policy: RetentionPolicy };

/** Marks what goes. Copies that were locked or proven since the decision are left alone. */
async function mark(ctx: Context, pass: Pass, goes: readonly { id: string; rule: string }[]): Promise<number> {
  let marked = 0;
  for (const { id, rule } of goes) {
    const { count } = await ctx.db.backupCopy.updateMany({
      where: { runId: id, storeId: pass.storeId, state: "stored", run: { lockedAt: null } },
      data: { state: "deleting", deleteRule: rule, deleteDecidedAt: ctx.now(), deleteTries: 0, deleteProblem: null },
    });
    marked += count;
  }
  return marked;
}

async function remember(ctx: Context, pass: Pass, counts: { stays: number; goes: number; refusal: string | null }): Promise<void> {
  await ctx.db.backupRetentionPass.create({ data: { id: newId("pas", ctx.now()), planId: pass.plan.id, storeId: pass.storeId, at: ctx.now(), ...counts } });
}

/** Decides for one plan in one store. A refused pass is recorded once a day at most. Returns how many copies go. */
export async function decideCopies(ctx: Context, pass: Pass): Promise<number> {
  return inTransaction(ctx, async (tx) => {
    const { verdict } = await judgeCopies(tx, pass.plan, pass);
    if (verdict.goes === 0) return 0;
    const { stays, goes, refusal } = verdict;
    if (refusal !== null) {
      const last = await tx.db.backupRetentionPass.findFirst({ where: { planId: pass.plan.id, storeId: pass.storeId }, orderBy: { at: "desc" } });
      if (last?.refusal !== refusal) await remember(tx, pass, { stays, goes, refusal });
      return 0;
    }
    const decided = verdict.decisions.filter((decision) => decision.goes);
    const marked = await mark(tx, pass, decided);
    await remember(tx, pass, { stays, goes: marked, refusal: null });
    await audit(tx, { action: "backups.retain", target: { kind: "backupPlan", id: pass.plan.id }, summary: `Retention of ${pass.plan.name} lets ${marked} of ${stays + goes} copies go`, after: { storeId: pass.storeId, decided } });
    await announce(tx, { topic: "backups", id: pass.plan.id });
    return marked;
  });
}

/** Lets an administrator release the brake: deletes what the preview showed, if it still shows the same number. */
export async function applyRetention(ctx: Context, input: ApplyRetention): Promise<{ goes: number }> {
  return inTransaction(ctx, async (tx) => {
    const plan = await findPlan(tx, input.id);
    const policy = plan.stores.find(({ storeId }) => storeId === input.storeId)?.retention as RetentionPolicy | undefined;
    if (!policy) throw new AppError("not_found", `${plan.name} keeps nothing in this store.`);
    const pass = { plan, storeId: input.storeId, policy };
    const { verdict } = await judgeCopies(tx, plan, pass);
    if (verdict.goes !== input.expectedGoes) throw new AppError("conflict", `By now ${verdict.goes} copies would go, not ${input.expectedGoes}. Look at the preview again.`);
    const decided = verdict.decisions.filter((decision) => decision.goes);
    const goes = await mark(tx, pass, decided);
    await remember(tx, pass, { stays: verdict.stays, goes, refusal: null });
    await enqueue(tx, retainJob, {}, { key: "now" });
    await audit(tx, { action: "backups.applyRetention", target: { kind: "backupPlan", id: plan.id }, summary: `Let ${goes} copies of ${plan.name} go although the job waited: ${verdict.refusal ?? "nothing held it back"}`, after: { storeId: input.storeId, decided } });
    await announce(tx, { topic: "backups", id: plan.id });
    return { goes };
  });
}
