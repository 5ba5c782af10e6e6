/** From a connection's id to the system behind it. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { QueueSystem } from "../adapters/adapter.ts";
import { sessionOf, type SessionOf } from "../adapters/sessions.ts";
import { openConfig } from "../connection-secrets.ts";
import { ConnectionKind } from "../schema/index.ts";

export type OpenedSystem = { id: string; kind: ConnectionKind; name: string; system: QueueSystem };

type Row = { id: string; kind: string; revision: number; config: unknown };

/** What opening a session needs of a row, secrets opened. */
export function toSession(row: Row): SessionOf {
  const kind = ConnectionKind.parse(row.kind);
  return { id: row.id, kind, revision: row.revision, config: kind === "own" ? {} : openConfig(row.config) };
}

/** The system of a connection, opened on first use. Throws `not_found`, or `unavailable` while it cannot be reached. */
export async function systemOf(ctx: Context, connection: string): Promise<OpenedSystem> {
  const row = await ctx.db.queueConnection.findUnique({ where: { id: connection }, select: { id: true, kind: true, name: true, revision: true, config: true } });
  if (!row) throw new AppError("not_found", `There is no queue connection ${connection}.`);
  const to = toSession(row);
  return { id: connection, kind: to.kind, name: row.name, system: await sessionOf(ctx, to) };
}
