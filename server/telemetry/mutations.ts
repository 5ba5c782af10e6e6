import { audit } from "../platform/audit.ts";
import type { Context } from "../platform/context.ts";
import { inTransaction } from "../platform/db.ts";
import { AppError } from "../platform/errors.ts";
import { announce } from "../platform/live/announce.ts";
import { readStatisticsState } from "./queries.ts";
import type { Done } from "./schema.ts";

/**
 * Lets the database count its statements from zero, to see what a change did. Throws `precondition` where it does not
 * count, or where its role may not reset.
 */
export async function resetStatistics(ctx: Context): Promise<Done> {
  return inTransaction(ctx, async (tx) => {
    if ((await readStatisticsState(tx)) !== "available") throw new AppError("precondition", "This database does not count statements, so there is nothing to reset.");
    const [right] = await tx.db.$queryRaw<{ held: boolean }[]>`SELECT bool_and(has_function_privilege(oid, 'execute')) AS held FROM pg_proc WHERE proname = 'pg_stat_statements_reset'`;
    if (!right?.held) throw new AppError("precondition", "The database's role may not reset its statistics. Grant it execute on pg_stat_statements_reset, then try again.");
    await tx.db.$queryRaw`SELECT pg_stat_statements_reset(0, (SELECT oid FROM pg_database WHERE datname = current_database()), 0)::text`;
    await audit(tx, { action: "telemetry.resetStatistics", target: { kind: "statistics", id: "statements" }, summary: "Reset the statistics of statements" });
    await announce(tx, { topic: "telemetry" });
    return { done: true };
  });
}
