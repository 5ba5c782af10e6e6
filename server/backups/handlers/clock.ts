/** Watches the clock that retention counts days with. A jump either way, or a long stop, begins a new day of waiting. */
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";

const ROW = 1;
/** Further ahead than this is a jump or a long stop; nobody can tell which, so both wait. */
const LONGEST_GAP_MS = DAY_MS;
/** Clocks of several machines differ by less, and time synchronisation steps back by less. */
const STEP_BACK_MS = MINUTE_MS;

/** Notes the time. Returns the jump in milliseconds, 0 when the clock ran on. */
export async function watchClock(ctx: Context): Promise<number> {
  const now = ctx.now();
  const seen = await ctx.db.backupClock.findUnique({ where: { id: ROW } });
  if (!seen) {
    await ctx.db.backupClock.createMany({ data: [{ id: ROW, seenAt: now, steadySince: now }], skipDuplicates: true });
    return 0;
  }
  const gap = now.getTime() - seen.seenAt.getTime();
  const hasJumped = gap > LONGEST_GAP_MS || gap < -STEP_BACK_MS;
  await ctx.db.backupClock.update({ where: { id: ROW }, data: hasJumped ? { seenAt: now, steadySince: now, jumpSeconds: gap / SECOND_MS } : gap > 0 ? { seenAt: now } : {} });
  if (hasJumped) ctx.log.warn({ seconds: gap / SECOND_MS }, "the clock jumped or stood still; no backup is deleted for a day");
  return hasJumped ? gap : 0;
}
