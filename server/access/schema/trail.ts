/** Words of the audit trail: entries, export, and checks of the whole. */
import * as z from "zod";
import { pageInput, pageOf } from "../../platform/page.ts";
import { TEXT_MAX } from "./atoms.ts";

export const AuditEntry = z.object({
  /** A growing number, as text. */
  id: z.string(),
  at: z.date(),
  actorKind: z.string(),
  actorId: z.string().nullable(),
  actorLabel: z.string(),
  action: z.string(),
  targetKind: z.string(),
  targetId: z.string(),
  summary: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  requestId: z.string().nullable(),
  address: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const auditFilter = {
  /** An actor's id, or part of the name. */
  actor: z.string().trim().max(TEXT_MAX).optional(),
  /** An action such as `access.createKey`, or its start: `access.`. */
  action: z.string().trim().max(TEXT_MAX).optional(),
  /** A target's id, or its kind. */
  target: z.string().trim().max(TEXT_MAX).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  /** Part of the summary. */
  text: z.string().trim().max(TEXT_MAX).optional(),
};
export const AuditFilter = z.object(auditFilter);
export type AuditFilter = z.infer<typeof AuditFilter>;
/** Newest first. */
export const ListAudit = z.object({ ...pageInput, ...auditFilter });
export type ListAudit = z.infer<typeof ListAudit>;
export const AuditPage = pageOf(AuditEntry);

/** Most rows one export holds; narrow the dates for more. */
export const AUDIT_EXPORT_LIMIT = 10_000;
export const AuditExport = z.object({ fileName: z.string(), csv: z.string(), rows: z.number(), isComplete: z.boolean() });
export type AuditExport = z.infer<typeof AuditExport>;

/** What a check of the whole trail found. Numbers of entries are text: they may be larger than a number holds. */
export const TrailVerdict = z.object({
  isIntact: z.boolean(),
  /** Number of the first entry that is not as it was written. */
  firstBad: z.string().nullable(),
  problem: z.string().nullable(),
  entries: z.number(),
  anchors: z.number(),
  archives: z.number(),
  head: z.object({ seq: z.string(), hash: z.string() }),
  /** Things that could not be checked. */
  notes: z.array(z.string()),
});
export type TrailVerdict = z.infer<typeof TrailVerdict>;

export const Verification = z.object({
  id: z.string(),
  state: z.enum(["queued", "running", "done", "failed"]),
  /** Entries checked so far, of about so many. */
  entries: z.number(),
  total: z.number(),
  verdict: TrailVerdict.nullable(),
  /** Why it could not be finished. */
  problem: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type Verification = z.infer<typeof Verification>;
/** Newest first, the last few. */
export const VerificationList = z.object({ items: z.array(Verification) });
