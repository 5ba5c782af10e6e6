import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { kindOf } from "../names.ts";
import type { ByKey, ByOverride, SetExemption, SetOverride } from "../schema.ts";

type Ok = { ok: true };

/** The caller's name; throws `not_found` when there is no such user or live key. */
async function nameOf(tx: Context, caller: string): Promise<string> {
  const found =
    kindOf(caller) === "user"
      ? await tx.db.user.findUnique({ where: { id: caller }, select: { name: true } })
      : await tx.db.apiKey.findFirst({ where: { id: caller, revokedAt: null }, select: { name: true } });
  if (!found) throw new AppError("not_found", "There is no user and no live API key with this id. Nothing was changed.");
  return found.name;
}

/** Gives one user or key a figure of its own for one window, replacing an earlier one. Throws `not_found`. */
export async function setOverride(ctx: Context, input: SetOverride): Promise<Ok> {
  return inTransaction(ctx, async (tx) => {
    const { caller, window, max, reason } = input;
    const name = await nameOf(tx, caller);
    const before = await tx.db.limitOverride.findUnique({ where: { caller_window: { caller, window } } });
    const row = { max, reason, createdAt: tx.now(), createdBy: actorLabel(tx.actor) };
    await tx.db.limitOverride.upsert({ where: { caller_window: { caller, window } }, create: { caller, window, ...row }, update: row });
    await audit(tx, {
      action: "limits.setOverride",
      target: { kind: "limit", id: window },
      summary: `Gave ${name} ${max} calls of their own in ${window}: ${reason}`,
      before: before && { caller, max: before.max, reason: before.reason },
      after: { caller, max, reason },
    });
    await announce(tx, { topic: "limits" });
    return { ok: true };
  });
}

/** Takes a caller's own figure away. Throws `not_found`. */
export async function removeOverride(ctx: Context, { caller, window }: ByOverride): Promise<Ok> {
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.limitOverride.deleteMany({ where: { caller, window } });
    if (count === 0) throw new AppError("not_found", "This caller has no figure of its own here. It may have been removed already.");
    await audit(tx, { action: "limits.removeOverride", target: { kind: "limit", id: window }, summary: `Took away the own figure of ${caller} in ${window}`, before: { caller, window } });
    await announce(tx, { topic: "limits" });
    return { ok: true };
  });
}

/** Lets a key pass every limit; its calls are still counted. Throws `not_found`, `conflict` when it is exempt already. */
export async function exemptKey(ctx: Context, { keyId, reason }: SetExemption): Promise<Ok> {
  return inTransaction(ctx, async (tx) => {
    const name = await nameOf(tx, keyId);
    const { count } = await tx.db.limitExemption.createMany({ data: [{ keyId, reason, createdAt: tx.now(), createdBy: actorLabel(tx.actor) }], skipDuplicates: true });
    if (count === 0) throw new AppError("conflict", "This key is exempt already. Nothing was changed.");
    await audit(tx, { action: "limits.exemptKey", target: { kind: "apiKey", id: keyId }, summary: `Exempted the key ${name} from limits: ${reason}`, after: { keyId, reason } });
    await announce(tx, { topic: "limits" });
    return { ok: true };
  });
}

/** Puts a key back under the limits. Throws `not_found`. */
export async function endExemption(ctx: Context, { keyId }: ByKey): Promise<Ok> {
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.limitExemption.deleteMany({ where: { keyId } });
    if (count === 0) throw new AppError("not_found", "This key is not exempt. It may have been put back already.");
    await audit(tx, { action: "limits.endExemption", target: { kind: "apiKey", id: keyId }, summary: `Put the key ${keyId} back under the limits`, before: { keyId } });
    await announce(tx, { topic: "limits" });
    return { ok: true };
  });
}
