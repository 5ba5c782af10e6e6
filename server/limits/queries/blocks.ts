import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { AUTH_WINDOW_MS } from "../../platform/limiter/windows.ts";
import { MINUTE_MS } from "../../platform/clock.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import type { Block, BlockPage, ListBlocks } from "../schema.ts";

type Row = { subject: string; failures: number; level: number; blocked_at: Date; blocked_until: Date; is_active: boolean; lifted_at: Date | null; lifted_by: string | null };

const ADDRESS = "address:";
const Cursor = z.tuple([z.iso.datetime(), z.string()]);

function blockOf(row: Row): Block {
  return {
    address: row.subject.slice(ADDRESS.length),
    reason: `Failed sign-ins, ${row.failures} in ${AUTH_WINDOW_MS / MINUTE_MS} min`,
    failures: row.failures,
    level: row.level,
    blockedAt: row.blocked_at,
    blockedUntil: row.blocked_until,
    isActive: row.is_active,
    liftedAt: row.lifted_at,
    liftedBy: row.lifted_by,
  };
}

/** Blocks, newest first: those in force, or also those that ended or were lifted. */
export async function listBlocks(ctx: Context, { cursor, limit, state }: ListBlocks): Promise<BlockPage> {
  const after = decodeCursor(cursor, Cursor);
  const beyond = after ? Prisma.sql`AND (blocked_at, subject) < (${new Date(after[0])}, ${after[1]})` : Prisma.empty;
  const active = state === "active" ? Prisma.sql`AND blocked_until > clock_timestamp()` : Prisma.empty;
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT subject, cardinality(failed_at)::int AS failures, level, blocked_at, blocked_until, blocked_until > clock_timestamp() AS is_active, lifted_at, lifted_by
    FROM limit_attempt WHERE subject LIKE ${`${ADDRESS}%`} AND blocked_at IS NOT NULL AND blocked_until IS NOT NULL ${active} ${beyond}
    ORDER BY blocked_at DESC, subject DESC LIMIT ${limit + 1}`;
  const page = toPage(rows, limit, (row) => [row.blocked_at, row.subject]);
  return { items: page.items.map(blockOf), nextCursor: page.nextCursor };
}
