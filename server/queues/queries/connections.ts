import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { keyIdOf } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";
import { ADAPTERS } from "../adapters/adapters.ts";
import { describeTarget, maskConfig, openConfig, sealedParts } from "../connection-secrets.ts";
import { ConnectionKind, ConnectionState, OWN_CONNECTION, TriedStep, type Connection, type ConnectionList } from "../schema/index.ts";

const include = { _count: { select: { states: true } } } as const;

type Row = {
  id: string; kind: string; name: string; config: unknown; revision: number; state: string; stateSince: Date; problem: string | null; tried: unknown; found: string | null;
  lastReadAt: Date | null; nextReadAt: Date; createdAt: Date; _count: { states: number };
};

/** A damaged password must not hide the connection from whoever would mend it. */
function shownConfig(ctx: Context, row: Row): Pick<Connection, "config" | "target"> {
  if (row.id === OWN_CONNECTION) return { config: null, target: "this console's database" };
  try {
    const config = openConfig(row.config);
    return { config: maskConfig(config), target: describeTarget(config) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.error({ err: error, connection: row.id }, "the password of a queue connection cannot be opened");
    return { config: null, target: "its stored password cannot be opened: enter the connection again" };
  }
}

function toConnection(ctx: Context, row: Row): Connection {
  const kind = ConnectionKind.parse(row.kind);
  const { id, name, revision, stateSince, problem, found, lastReadAt, nextReadAt, createdAt } = row;
  const tried = z.array(TriedStep).safeParse(row.tried).data ?? [];
  return { id, kind, name, revision, stateSince, problem, found, lastReadAt, nextReadAt, createdAt, tried, state: ConnectionState.parse(row.state), queues: row._count.states, can: ADAPTERS[kind].can, ...shownConfig(ctx, row) };
}

/** Every connection, the own one first, then by name. There are few, so there is one page. */
export async function listConnections(ctx: Context): Promise<ConnectionList> {
  const rows = await ctx.db.queueConnection.findMany({ include, orderBy: { name: "asc" } });
  const isOwn = (row: Row) => (row.id === OWN_CONNECTION ? 0 : 1);
  return { items: rows.toSorted((a, b) => isOwn(a) - isOwn(b)).map((row) => toConnection(ctx, row)), nextCursor: null };
}

/** Throws `not_found`. */
export async function getConnection(ctx: Context, id: string): Promise<Connection> {
  const row = await ctx.db.queueConnection.findUnique({ where: { id }, include });
  if (!row) throw new AppError("not_found", `There is no queue connection ${id}.`);
  return toConnection(ctx, row);
}

/** Connections by the key that seals their passwords; one that needs two keys counts under both. */
export async function countConnectionsByKey(ctx: Context): Promise<Map<string, number>> {
  const rows = await ctx.db.queueConnection.findMany({ where: { id: { not: OWN_CONNECTION } }, select: { config: true } });
  const counts = new Map<string, number>();
  for (const { config } of rows) {
    for (const key of new Set(sealedParts(config).flatMap((sealed) => keyIdOf(sealed) ?? []))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
