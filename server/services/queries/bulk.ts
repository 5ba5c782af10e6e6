import type { ServiceBulk } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { previewOf, type Candidate } from "../bulk-rules.ts";
import { parseFilter } from "../filter.ts";
import { Bulk, MOST_IN_BULK, type BulkPreview, type PreviewBulk } from "../schema.ts";
import { filterCondition, presentChecks } from "./present.ts";

/** The chosen services in the order of their ids. Throws `invalid` when they are too many for one act. */
export async function findCandidates(ctx: Context, { ids, filter }: Pick<PreviewBulk, "ids" | "filter">): Promise<Candidate[]> {
  const chosen = ids ? Prisma.sql`s.id = ANY(${ids})` : filterCondition(parseFilter(filter ?? ""));
  const rows = await ctx.db.$queryRaw<Candidate[]>`
    WITH present AS MATERIALIZED (${presentChecks(ctx.now())})
    SELECT s.id, s.name, s.is_self AS "isSelf", s.archived_at IS NOT NULL AS "isArchived", s.tags,
      coalesce(p.checks, 0)::int AS checks, coalesce(p.paused, 0)::int AS paused
    FROM service s LEFT JOIN present p ON p.service_id = s.id WHERE ${chosen} ORDER BY s.id LIMIT ${MOST_IN_BULK + 1}`;
  if (rows.length > MOST_IN_BULK) throw new AppError("invalid", `More than ${MOST_IN_BULK} services match. Narrow the filter.`);
  return rows;
}

/** What an act would change, without changing anything. */
export async function previewBulk(ctx: Context, input: PreviewBulk): Promise<BulkPreview> {
  const { ids: _ids, ...preview } = previewOf(await findCandidates(ctx, input), input);
  return preview;
}

/** A row as people see it. */
export function toBulk({ ids, updatedAt: _updatedAt, ...row }: ServiceBulk): Bulk {
  return Bulk.parse({ ...row, total: ids.length });
}

/** One act and how far it is. Throws `not_found`. */
export async function getBulk(ctx: Context, { id }: { id: string }): Promise<Bulk> {
  const row = await ctx.db.serviceBulk.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no such act. It may be too old.");
  return toBulk(row);
}
