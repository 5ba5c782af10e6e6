import type { AuditVerification } from "../../../prisma/generated/client.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { TrailVerdict, type Verification } from "../schema.ts";

/** Shown; older ones say nothing about today. */
const LATEST = 5;
/** A check that reported nothing for so long has lost its worker for good. */
export const SILENT_AFTER_MS = 10 * MINUTE_MS;
const LOST = "The worker that checked the trail did not report for ten minutes. Start a worker and check again.";

/** A row as people see it. */
export function toVerification(row: AuditVerification, now: Date): Verification {
  const isLost = row.finishedAt === null && now.getTime() - row.updatedAt.getTime() > SILENT_AFTER_MS;
  const { id, entries, total, requestedBy, createdAt, finishedAt } = row;
  const state = isLost ? "failed" : (row.state as Verification["state"]);
  return { id, state, entries, total, requestedBy, createdAt, finishedAt, verdict: row.verdict === null ? null : TrailVerdict.parse(row.verdict), problem: isLost ? LOST : row.problem };
}

/** The latest checks of the trail, newest first. */
export async function listVerifications(ctx: Context): Promise<{ items: Verification[] }> {
  const rows = await ctx.db.auditVerification.findMany({ orderBy: [{ createdAt: "desc" }, { id: "desc" }], take: LATEST });
  return { items: rows.map((row) => toVerification(row, ctx.now())) };
}
