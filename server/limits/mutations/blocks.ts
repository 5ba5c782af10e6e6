import { DAY_MS } from "../../platform/clock.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { limitKey } from "../../platform/edge/address.ts";
import { AppError } from "../../platform/errors.ts";
import { addressSubject } from "../../platform/limiter/attempts.ts";
import { announce } from "../../platform/live/announce.ts";
import type { Unblock } from "../schema.ts";

/** Lets a blocked address try again, with all its attempts. Of several at once, one wins. Throws `not_found`. */
export async function unblock(ctx: Context, input: Unblock): Promise<{ ok: true }> {
  const address = input.address.includes("/") ? input.address : limitKey(input.address);
  return inTransaction(ctx, async (tx) => {
    const by = actorLabel(tx.actor);
    const count = await tx.db.$executeRaw`
      UPDATE limit_attempt SET blocked_until = clock_timestamp(), failed_at = '{}', lifted_at = clock_timestamp(), lifted_by = ${by}, updated_at = clock_timestamp()
      WHERE subject = ${addressSubject(address)} AND blocked_until > clock_timestamp()`;
    if (count === 0) throw new AppError("not_found", `${address} is not blocked. Its block may have ended or been lifted already.`);
    await audit(tx, { action: "limits.unblock", target: { kind: "address", id: address }, summary: `Unblocked ${address}`, before: { isBlocked: true }, after: { isBlocked: false } });
    await announce(tx, { topic: "limits" });
    return { ok: true };
  });
}

/** Usage looks back a week; a day more so that the oldest point of a chart is whole. */
const USAGE_DAYS = 8;
/** Attempts nobody will ask about any more: doubling forgets after a day, the list of ended blocks after a month. */
const ATTEMPT_DAYS = 30;

/** Deletes usage, counters and attempts that are no longer looked at. */
export async function prune(ctx: Context): Promise<{ usage: number; counters: number; attempts: number }> {
  const now = ctx.now().getTime();
  const usage = await ctx.db.$executeRaw`DELETE FROM series.limit_usage WHERE minute < ${new Date(now - USAGE_DAYS * DAY_MS)}`;
  const counters = await ctx.db.$executeRaw`DELETE FROM series.limit_counter WHERE slot_ends < ${new Date(now - DAY_MS)}`;
  const attempts = await ctx.db.$executeRaw`
    DELETE FROM limit_attempt WHERE updated_at < ${new Date(now - ATTEMPT_DAYS * DAY_MS)} OR (blocked_at IS NULL AND updated_at < ${new Date(now - DAY_MS)})`;
  return { usage, counters, attempts };
}
