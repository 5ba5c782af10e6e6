/**
 * The audit trail: one row per accepted mutation, written in the mutation's own transaction, so the row exists exactly
 * when the change does. The database numbers the rows without gaps, chains each to the one before it by hash and refuses
 * to change or delete them. Adding a row locks the head of the chain until the commit, so it is the last thing that a
 * transaction does: writers wait for each other's commit, not for each other's work. Secrets are masked before.
 */
import { actorId, actorLabel, type Context } from "./context.ts";
import type { Prisma } from "./db.ts";

export type AuditRecord = {
  /** "<module>.<verb>", e.g. "services.archive". */
  action: `${string}.${string}`;
  target: { kind: string; id: string };
  /** One sentence for people, past tense: "Archived Payments API". */
  summary: string;
  before?: unknown;
  after?: unknown;
};

const SECRET_NAME = /password|secret|token|hash|authorization|cookie|credential|connectionstring|sealed/i;
/** Stands for a secret wherever values are shown. */
export const MASK = "••••";

/** True for the name of a field whose value must not be shown. */
export const namesSecret = (name: string): boolean => SECRET_NAME.test(name);

/** Copies a value as JSON with every field that names a secret masked, at any depth. */
export function maskSecrets(value: unknown): Prisma.InputJsonValue | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (key && namesSecret(key) && inner !== null && inner !== undefined) return MASK;
    return typeof inner === "bigint" ? inner.toString() : inner;
  });
  return JSON.parse(text) as Prisma.InputJsonValue;
}

/** Writes the row: inside `inTransaction` just before the commit, elsewhere at once. */
export async function audit(ctx: Context, record: AuditRecord): Promise<void> {
  await auditAll(ctx, [record]);
}

/** The same for many changes that were made together: one statement, a row each, in this order. */
export async function auditAll(ctx: Context, records: readonly AuditRecord[]): Promise<void> {
  if (records.length === 0) return;
  const data = records.map((record) => rowOf(ctx, record));
  const write = async () => {
    await ctx.db.auditEntry.createMany({ data });
  };
  if (ctx.beforeCommit) ctx.beforeCommit.push(write);
  else await write();
}

function rowOf(ctx: Context, record: AuditRecord) {
  return {
    at: ctx.now(),
    actorKind: ctx.actor.kind,
    actorId: actorId(ctx.actor),
    actorLabel: actorLabel(ctx.actor),
    action: record.action,
    targetKind: record.target.kind,
    targetId: record.target.id,
    summary: record.summary,
    before: maskSecrets(record.before),
    after: maskSecrets(record.after),
    requestId: ctx.requestId,
    address: ctx.clientAddress,
  };
}
