/** Scores of the past that people stated. */
import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import type { ListStated, StatedId, StatedPage, StatedScore } from "../schema/index.ts";

type Row = { id: bigint; serviceId: string | null; at: Date; score: number; note: string | null; statedBy: string | null };

async function named(ctx: Context, rows: readonly Row[]): Promise<StatedScore[]> {
  const services = await ctx.db.service.findMany({ where: { id: { in: rows.flatMap(({ serviceId }) => serviceId ?? []) } }, select: { id: true, name: true, slug: true } });
  const of = new Map(services.map((service) => [service.id, service]));
  return rows.map(({ id, serviceId, at, score, note, statedBy }) => {
    const service = serviceId === null ? undefined : of.get(serviceId);
    return { point: id.toString(), serviceId, serviceName: service?.name ?? (serviceId === null ? null : "A removed service"), slug: service?.slug ?? null, at, score, note: note ?? "", statedBy: statedBy ?? "" };
  });
}

/** Stated scores, the last stated first. */
export async function listStated(ctx: Context, input: ListStated): Promise<z.infer<typeof StatedPage>> {
  const service = input.id ? await findService(ctx, input.id) : null;
  const before = decodeCursor(input.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]));
  const rows = await ctx.db.readinessPoint.findMany({ where: { statedBy: { not: null }, ...(service ? { serviceId: service.id } : {}), ...(before ? { id: { lt: BigInt(before[0]) } } : {}) }, orderBy: { id: "desc" }, take: input.limit + 1 });
  const page = toPage(rows, input.limit, (row) => [row.id.toString()]);
  return { items: await named(ctx, page.items), nextCursor: page.nextCursor };
}

/** One stated score. Throws `not_found`, also for a score that was computed. */
export async function getStated(ctx: Context, { point }: StatedId): Promise<StatedScore> {
  const row = await ctx.db.readinessPoint.findFirst({ where: { id: BigInt(point), statedBy: { not: null } } });
  const [stated] = row ? await named(ctx, [row]) : [];
  if (!stated) throw new AppError("not_found", "There is no such stated score. It may have been removed.");
  return stated;
}
