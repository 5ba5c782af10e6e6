/** Services from a file of comma-separated values: all of its lines in one transaction, or none. */
import { auditAll, type AuditRecord } from "../../platform/audit.ts";
import { invalidate } from "../../platform/cache/cache.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { CheckConfig } from "../check-config.ts";
import type { Step } from "../csv/plan.ts";
import { FACETS_GROUP, planImport } from "../queries/index.ts";
import type { ImportedLine, ImportPreview, ImportServices } from "../schema.ts";
import { NO_CHECKS } from "../state.ts";
import { insertChecks } from "./rows.ts";

/** Problems named in a refusal; the preview has them all. */
const PROBLEMS_NAMED = 3;

type First = { serviceId: string; address: string };

const httpCheck = (address: string) => ({ config: CheckConfig.parse({ kind: "http", url: address }) });
const meanwhile = (name: string) => new AppError("conflict", `Somebody else changed ${name} meanwhile. Nothing was imported; look again.`);

function refuseProblems(lines: readonly ImportedLine[]): void {
  const bad = lines.filter(({ action }) => action === "problem");
  if (bad.length === 0) return;
  const named = bad.slice(0, PROBLEMS_NAMED).map(({ line, problems }) => `Line ${line}: ${problems.join("; ")}`);
  const more = bad.length > PROBLEMS_NAMED ? ` And ${bad.length - PROBLEMS_NAMED} more.` : "";
  throw new AppError("invalid", `Nothing was imported. ${named.join(" ")}${more}`, { detail: { fields: Object.fromEntries(bad.map(({ line, problems }) => [`line ${line}`, problems.join("; ")])) } });
}

/** Adds the new services in one statement. Throws `conflict` when a slug was taken since the plan. */
async function insertServices(ctx: Context, steps: readonly Step[]): Promise<{ first: First[]; records: AuditRecord[] }> {
  const now = ctx.now();
  const made = steps.flatMap(({ create }) => (create ? [{ id: newId("svc", now), create }] : []));
  const rows = made.map(({ id, create: { address: _address, ...facts } }) => ({ ...facts, id, stateSince: now, stateReason: NO_CHECKS, createdAt: now, updatedAt: now, updatedBy: actorLabel(ctx.actor) }));
  const { count } = await ctx.db.service.createMany({ data: rows, skipDuplicates: true });
  if (count !== rows.length) throw new AppError("conflict", "Somebody else took one of these slugs meanwhile. Nothing was imported; look again.");
  const records = made.map(({ id, create }): AuditRecord => ({ action: "services.import", target: { kind: "service", id }, summary: `Added ${create.name} from a file`, after: create }));
  return { first: made.flatMap(({ id, create }) => (create.address ? [{ serviceId: id, address: create.address }] : [])), records };
}

/** Changes the known services one by one. Throws `conflict` when one was changed since the plan. */
async function changeServices(ctx: Context, steps: readonly Step[]): Promise<{ first: First[]; records: AuditRecord[] }> {
  const first: First[] = [];
  const records: AuditRecord[] = [];
  for (const { update } of steps) {
    if (!update) continue;
    const { known, changes, address } = update;
    const { count } = await ctx.db.service.updateMany({ where: { id: known.id, revision: known.revision, archivedAt: null }, data: { ...changes, revision: { increment: 1 }, updatedAt: ctx.now(), updatedBy: actorLabel(ctx.actor) } });
    if (count === 0) throw meanwhile(known.name);
    if (address) first.push({ serviceId: known.id, address });
    const before = Object.fromEntries(Object.keys(changes).map((field) => [field, known[field as keyof typeof known]]));
    records.push({ action: "services.import", target: { kind: "service", id: known.id }, summary: `Changed ${known.name} from a file`, before, after: { ...changes, ...(address ? { address } : {}) } });
  }
  return { first, records };
}

/**
 * Imports a file: adds and changes services, and answers what each line did. Throws `invalid` for a file or a line that
 * cannot be taken (unless such lines are to be left out), `conflict` when the registry is no longer as it was shown.
 */
export async function importServices(ctx: Context, { csv, leavesOutProblems, expected }: ImportServices): Promise<ImportPreview> {
  return inTransaction(ctx, async (tx) => {
    const { steps, preview } = await planImport(tx, csv);
    if (!leavesOutProblems) refuseProblems(preview.lines);
    const { created, changed } = preview.counts;
    if (expected && (expected.created !== created || expected.changed !== changed)) {
      throw new AppError("conflict", `The file would add ${created} and change ${changed} services now; you saw ${expected.created} and ${expected.changed}. Nothing was imported; look again.`);
    }
    const inserted = await insertServices(tx, steps);
    const updated = await changeServices(tx, steps);
    await insertChecks(tx, [...inserted.first, ...updated.first].map(({ serviceId, address }) => ({ serviceId, check: httpCheck(address) })));
    await auditAll(tx, [...inserted.records, ...updated.records]);
    await invalidate(tx, FACETS_GROUP);
    await announce(tx, { topic: "services" });
    return preview;
  });
}
