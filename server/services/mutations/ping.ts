/**
 * A ping: a job reports that it started, finished or failed. It is a measurement like the result of a check, so it
 * leaves no audit row; the check's results and transitions are its record.
 */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { Ping, PingAnswer } from "../ping.ts";

/** A run that began longer ago than this is not the one that ends now. */
const LONGEST_RUN_HOURS = 24 * 30;

/**
 * Keeps the ping and makes the check due, so that its state follows at once. One statement: pings that come together
 * each count. Throws AppError `not_found` when no check has this address.
 */
export async function recordPing(ctx: Context, { pingId, kind, exitCode, note, runId }: Ping): Promise<PingAnswer> {
  const said = exitCode !== undefined && exitCode !== 0 ? "fail" : kind;
  const text = [exitCode ? `exit code ${exitCode}` : "", note].filter(Boolean).join(", ");
  const isEnd = said === "success" || said === "fail";
  const now = ctx.now();
  const [row] = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH heard AS (
      UPDATE heartbeat SET
        pings = pings + 1, last_ping_at = ${now}, last_kind = ${said},
        succeeded_at = CASE WHEN ${said} = 'success' THEN ${now} ELSE succeeded_at END,
        failed_at = CASE WHEN ${said} = 'fail' THEN ${now} ELSE failed_at END,
        last_note = CASE WHEN ${isEnd} THEN ${text} ELSE last_note END,
        last_run_ms = CASE WHEN ${isEnd} AND started_at > ${now}::timestamptz - make_interval(hours => ${LONGEST_RUN_HOURS}::int)
            AND (${runId ?? null}::text IS NULL OR run_id IS NULL OR run_id = ${runId ?? null})
          THEN extract(epoch FROM ${now}::timestamptz - started_at) * 1000 ELSE last_run_ms END,
        started_at = CASE WHEN ${said} = 'start' THEN ${now} WHEN ${isEnd} THEN NULL ELSE started_at END,
        run_id = CASE WHEN ${said} = 'start' THEN ${runId ?? null} ELSE run_id END
      WHERE ping_id = ${pingId}::uuid
      RETURNING check_id)
    UPDATE service_check c SET next_due_at = CASE WHEN c.next_due_at IS NULL THEN NULL ELSE now() END
    FROM heard WHERE c.id = heard.check_id
    RETURNING c.id`;
  if (!row) throw new AppError("not_found", "There is no heartbeat at this address.");
  return { ok: true };
}
