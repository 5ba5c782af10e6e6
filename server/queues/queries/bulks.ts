import * as z from "zod";
import type { QueueOperation } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, encodeCursor, toPage } from "../../platform/page.ts";
import { Bulk, type BulkItemPage, type BulkPage, type ByBulk, type ListBulkItems, type ListBulks } from "../schema/index.ts";

/** An operation's row in the words of the API. */
export function presentBulk(row: QueueOperation): Bulk {
  const { connectionId, jobState, ids, ...rest } = row;
  return Bulk.parse({ ...rest, connection: connectionId, state: jobState, isSelection: ids !== null });
}

const Cursor = z.tuple([z.coerce.date(), z.string()]);
const OPEN = ["waiting", "running", "paused"];

/** Operations, newest first. */
export async function listBulks(ctx: Context, input: ListBulks): Promise<BulkPage> {
  const after = decodeCursor(input.cursor, Cursor);
  const rows = await ctx.db.queueOperation.findMany({
    where: {
      ...(input.isOpen === undefined ? {} : { status: input.isOpen ? { in: OPEN } : { notIn: OPEN } }),
      ...(after ? { OR: [{ createdAt: { lt: after[0] } }, { createdAt: after[0], id: { lt: after[1] } }] } : {}),
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: input.limit + 1,
  });
  const page = toPage(rows, input.limit, (row) => [row.createdAt, row.id]);
  return { items: page.items.map(presentBulk), nextCursor: page.nextCursor };
}

/** Throws `not_found`; operations are kept thirty days after their end. */
export async function getBulk(ctx: Context, { id }: ByBulk): Promise<Bulk> {
  const row = await ctx.db.queueOperation.findUnique({ where: { id } });
  if (!row) throw new AppError("not_found", "There is no such operation. They are kept for thirty days after their end.");
  return presentBulk(row);
}

/** Jobs that the operation reached and did not change, by id. */
export async function listBulkItems(ctx: Context, input: ListBulkItems): Promise<BulkItemPage> {
  const [after = ""] = decodeCursor(input.cursor, z.tuple([z.string()])) ?? [];
  const rows = await ctx.db.$queryRaw<BulkItemPage["items"]>`
    SELECT job_id AS "jobId", result, reason FROM series.queue_operation_item
    WHERE operation_id = ${input.id} AND result <> 'done' AND job_id > ${after} ORDER BY job_id LIMIT ${input.limit + 1}::int`;
  const items = rows.slice(0, input.limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > input.limit && last ? encodeCursor([last.jobId]) : null };
}
