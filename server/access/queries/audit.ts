import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { auditCsv } from "../audit-csv.ts";
import { AUDIT_EXPORT_LIMIT, type AuditEntry, type AuditExport, type AuditFilter, type ListAudit } from "../schema.ts";

const AuditCursor = z.tuple([z.iso.datetime(), z.string().regex(/^\d{1,18}$/)]);
const NEWEST_FIRST = [{ at: "desc" }, { id: "desc" }] satisfies Prisma.AuditEntryOrderByWithRelationInput[];

function whereAudit(filter: AuditFilter): Prisma.AuditEntryWhereInput[] {
  const every: Prisma.AuditEntryWhereInput[] = [];
  if (filter.actor) every.push({ OR: [{ actorId: filter.actor }, { actorLabel: { contains: filter.actor, mode: "insensitive" } }] });
  if (filter.action) every.push({ action: { startsWith: filter.action } });
  if (filter.target) every.push({ OR: [{ targetId: filter.target }, { targetKind: filter.target }] });
  if (filter.from) every.push({ at: { gte: filter.from } });
  if (filter.to) every.push({ at: { lt: filter.to } });
  if (filter.text) every.push({ summary: { contains: filter.text, mode: "insensitive" } });
  return every;
}

type AuditRow = Prisma.AuditEntryGetPayload<object>;
const toEntry = (row: AuditRow): AuditEntry => ({ ...row, id: row.id.toString() });

/** Audit rows, newest first. `from` is included, `to` is not. */
export async function listAudit(ctx: Context, input: ListAudit): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const before = decodeCursor(input.cursor, AuditCursor);
  const every = whereAudit(input);
  if (before) every.push({ OR: [{ at: { lt: before[0] } }, { at: before[0], id: { lt: BigInt(before[1]) } }] });
  const rows = await ctx.db.auditEntry.findMany({ where: { AND: every }, orderBy: NEWEST_FIRST, take: input.limit + 1 });
  return toPage(rows.map(toEntry), input.limit, (entry) => [entry.at, entry.id]);
}

/** The newest rows that match as CSV; `isComplete` is false when there are more than the limit. */
export async function exportAudit(ctx: Context, filter: AuditFilter): Promise<AuditExport> {
  const rows = await ctx.db.auditEntry.findMany({ where: { AND: whereAudit(filter) }, orderBy: NEWEST_FIRST, take: AUDIT_EXPORT_LIMIT + 1 });
  const entries = rows.slice(0, AUDIT_EXPORT_LIMIT).map(toEntry);
  const stamp = ctx.now().toISOString().slice(0, 19).replaceAll(":", "-");
  return { fileName: `seaworthy-audit-${stamp}.csv`, csv: auditCsv(entries), rows: entries.length, isComplete: rows.length <= AUDIT_EXPORT_LIMIT };
}
