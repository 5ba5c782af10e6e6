/** The audit trail as CSV (RFC 4180), safe to open in a spreadsheet. */
import type { AuditEntry } from "./schema.ts";

const COLUMNS = ["id", "at", "actorKind", "actorId", "actorLabel", "action", "targetKind", "targetId", "summary", "before", "after", "requestId", "address"] as const;

/** A cell that begins like a formula gets an apostrophe, so no spreadsheet runs it (OWASP, CSV Injection). */
export function csvCell(value: unknown): string {
  const text = cellText(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

/** One line a row, with a head line. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  const lines = [COLUMNS.join(","), ...entries.map((entry) => COLUMNS.map((column) => csvCell(entry[column])).join(","))];
  return `${lines.join("\r\n")}\r\n`;
}
