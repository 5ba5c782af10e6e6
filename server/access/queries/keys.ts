import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { ownerFilter } from "../caller.ts";
import type { ApiKey, KeyState, ListKeys } from "../schema.ts";
import { liveKey } from "./users.ts";

const KeyCursor = z.tuple([z.string()]);

const SELECT = {
  id: true,
  name: true,
  prefix: true,
  ownerId: true,
  scopes: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
  createdAt: true,
  owner: { select: { name: true, role: true, disabledAt: true } },
} satisfies Prisma.ApiKeySelect;

type KeyRow = Prisma.ApiKeyGetPayload<{ select: typeof SELECT }>;

function stateOf(row: KeyRow, now: Date): KeyState {
  if (row.revokedAt !== null) return "revoked";
  if (row.expiresAt !== null && row.expiresAt <= now) return "expired";
  return row.owner.disabledAt === null ? "active" : "ownerDisabled";
}

function toKey(row: KeyRow, now: Date): ApiKey {
  const { owner, ...key } = row;
  return { ...key, ownerName: owner.name, ownerRole: owner.role, state: stateOf(row, now) };
}

function whereState(state: KeyState, now: Date): Prisma.ApiKeyWhereInput {
  switch (state) {
    case "active":
      return { ...liveKey(now), owner: { disabledAt: null } };
    case "ownerDisabled":
      return { ...liveKey(now), owner: { disabledAt: { not: null } } };
    case "revoked":
      return { revokedAt: { not: null } };
    case "expired":
      return { revokedAt: null, expiresAt: { lte: now } };
    default:
      return state satisfies never;
  }
}

/** Keys, newest first. Throws `forbidden` when someone who is no admin asks for others'. */
export async function listKeys(ctx: Context, input: ListKeys): Promise<{ items: ApiKey[]; nextCursor: string | null }> {
  const now = ctx.now();
  const ownerId = ownerFilter(ctx, input);
  const before = decodeCursor(input.cursor, KeyCursor);
  const rows = await ctx.db.apiKey.findMany({
    where: { ...(input.state ? whereState(input.state, now) : {}), ownerId: ownerId ?? undefined, id: before ? { lt: before[0] } : undefined },
    select: SELECT,
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  return toPage(rows.map((row) => toKey(row, now)), input.limit, (key) => [key.id]);
}

/** One key. Throws `not_found`. */
export async function getKey(ctx: Context, id: string): Promise<ApiKey> {
  const row = await ctx.db.apiKey.findUnique({ where: { id }, select: SELECT });
  if (!row) throw new AppError("not_found", "There is no API key with this id.");
  return toKey(row, ctx.now());
}
