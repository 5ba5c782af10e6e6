/**
 * `audit verify`: computes the hash chain of the audit trail again and compares it with its head, its archives and its
 * anchors; `audit anchor` writes an anchor now; `audit archive` moves old entries to sealed files now.
 */
import { parseArgs } from "node:util";
import * as z from "zod";
import { anchorAudit, archiveAudit } from "../access/mutations/index.ts";
import { verifyAudit } from "../access/queries/index.ts";
import { config } from "../platform/config.ts";
import type { Context } from "../platform/context.ts";
import { EXIT, type CommandResult } from "./command.ts";

/** Every form of the command, a line each. */
export const AUDIT_USAGE = ["audit verify", "audit anchor", "audit archive [--older-than-days <number, default 90>]"];
const DEFAULT_DAYS = "90";
const Days = z.coerce.number().int().min(0).max(36_500);

function usage(problem: string): CommandResult {
  return { exitCode: EXIT.usage, output: { error: problem, usage: AUDIT_USAGE }, lines: [problem, ...AUDIT_USAGE] };
}

async function verify(ctx: Context, dataDir: string): Promise<CommandResult> {
  const found = await verifyAudit(ctx, { dataDir });
  const facts = `${found.entries} entries up to number ${found.head.seq}, ${found.archives} archives, ${found.anchors} anchors`;
  const lines = found.isIntact ? [`The audit trail is intact: ${facts}.`] : [`The audit trail is BROKEN at entry ${found.firstBad}.`, found.problem ?? ""];
  const output = { ...found, firstBad: found.firstBad?.toString() ?? null, head: { seq: found.head.seq.toString(), hash: found.head.hash } };
  return { exitCode: found.isIntact ? EXIT.ok : EXIT.failed, output, lines: [...lines, ...found.notes] };
}

async function anchor(ctx: Context, dataDir: string): Promise<CommandResult> {
  const isNew = await anchorAudit(ctx, { dataDir });
  return { exitCode: EXIT.ok, output: { anchored: isNew }, lines: [isNew ? "Wrote an anchor to the data folder." : "Nothing new since the last anchor."] };
}

async function archive(ctx: Context, dataDir: string, olderThanDays: number): Promise<CommandResult> {
  const done = await archiveAudit(ctx, { dataDir, olderThanDays });
  return { exitCode: EXIT.ok, output: done, lines: [`Archived ${done.entries} entries.`, ...done.files] };
}

/** Runs `audit <args>`. Exit code 1 for a broken trail. */
export async function auditCommand(ctx: Context, args: string[]): Promise<CommandResult> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, strict: false, options: { "older-than-days": { type: "string", default: DEFAULT_DAYS } } });
  const dataDir = config().SEAWORTHY_DATA_DIR;
  const days = Days.safeParse(values["older-than-days"]);
  if (!days.success) return usage("--older-than-days is a whole number of days.");
  if (positionals[0] === "verify") return verify(ctx, dataDir);
  if (positionals[0] === "anchor") return anchor(ctx, dataDir);
  if (positionals[0] === "archive") return archive(ctx, dataDir, days.data);
  return usage("Say `audit verify`, `audit anchor` or `audit archive`.");
}
