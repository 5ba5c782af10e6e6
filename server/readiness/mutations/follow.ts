/** Hears of new evidence by reading what other modules changed since the last look, and judges those services at once. */
import type { Context } from "../../platform/context.ts";
import { listBackupChanges } from "../../backups/queries/index.ts";
import { listCoverageChanges } from "../../coverage/queries/index.ts";
import { listLoadChanges } from "../../loadtests/queries/index.ts";
import { listChangedServices } from "../../services/queries/index.ts";
import { OVERLAP_MS } from "../queries/index.ts";
import { evaluate, type Evaluated } from "./evaluate.ts";

const PROGRESS = "follow";

/** Services of which anything that is judged changed after `since`, in the order of their ids. */
async function changedSince(ctx: Context, since: Date): Promise<string[]> {
  const own = ctx.db.$queryRaw<{ id: string }[]>`
    SELECT service_id AS id FROM readiness_observation WHERE observed_at > ${since}
    UNION SELECT service_id FROM readiness_answer WHERE answered_at > ${since}
    UNION SELECT service_id FROM readiness_adoption WHERE adopted_at > ${since}
    UNION SELECT service_id FROM readiness_waiver WHERE decided_at > ${since} OR (state = 'approved' AND ended_at IS NULL AND expires_at <= ${ctx.now()})`;
  const found = await Promise.all([listChangedServices(ctx, since), listLoadChanges(ctx, since), listCoverageChanges(ctx, since), listBackupChanges(ctx, since), own.then((rows) => rows.map(({ id }) => id))]);
  return [...new Set(found.flat())].toSorted();
}

/** One look. Rows are dated before they commit, so each look goes back a little: judging twice costs little and changes nothing. */
export async function follow(ctx: Context): Promise<Evaluated> {
  const row = await ctx.db.readinessProgress.findUnique({ where: { name: PROGRESS } });
  const now = ctx.now();
  const until = Math.min(row?.doneUntil.getTime() ?? now.getTime(), now.getTime());
  const ids = await changedSince(ctx, new Date(until - OVERLAP_MS));
  const done = ids.length > 0 ? await evaluate(ctx, ids) : { services: 0, changed: 0 };
  await ctx.db.readinessProgress.upsert({ where: { name: PROGRESS }, create: { name: PROGRESS, doneUntil: now }, update: { doneUntil: now } });
  return done;
}
