/** From a connection's id to the system behind it. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { QueueSystem } from "../adapters/adapter.ts";
import { ADAPTERS } from "../adapters/adapters.ts";
import { ConnectionKind, OWN_CONNECTION } from "../schema/index.ts";

export type OpenedSystem = { id: string; kind: ConnectionKind; name: string; system: QueueSystem };

/** The system of a connection, opened on first use. Throws `not_found`, or `unavailable` while it cannot be reached. */
export async function systemOf(ctx: Context, connection: string): Promise<OpenedSystem> {
  const row = await ctx.db.queueConnection.findUnique({ where: { id: connection }, select: { kind: true, name: true } });
  if (!row) throw new AppError("not_found", `There is no queue connection ${connection}.`);
  const kind = ConnectionKind.parse(row.kind);
  const system = await ADAPTERS[kind].open({ ctx, connection, config: {} });
  return { id: connection, kind, name: row.name, system };
}

/** The console's own queue. */
export const ownSystem = async (ctx: Context): Promise<QueueSystem> => (await systemOf(ctx, OWN_CONNECTION)).system;
