import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { ownerFilter } from "../caller.ts";
import { SignedInBy, type ListSessions, type Session } from "../schema.ts";
import { liveSession } from "./users.ts";

const SessionCursor = z.tuple([z.string()]);

/** Live sessions of enabled users, newest first. Throws `forbidden` when someone who is no admin asks for others'. */
export async function listSessions(ctx: Context, input: ListSessions): Promise<{ items: Session[]; nextCursor: string | null }> {
  const userId = ownerFilter(ctx, { owner: input.owner, ownerId: input.userId });
  const before = decodeCursor(input.cursor, SessionCursor);
  const rows = await ctx.db.session.findMany({
    where: { ...liveSession(ctx.now()), userId: userId ?? undefined, user: { disabledAt: null }, id: before ? { lt: before[0] } : undefined },
    include: { user: { select: { name: true, email: true } } },
    orderBy: { id: "desc" },
    take: input.limit + 1,
  });
  const currentId = ctx.actor.kind === "user" ? ctx.actor.sessionId : null;
  const items = rows.map(
    (row): Session => ({
      id: row.id,
      userId: row.userId,
      userName: row.user.name,
      userEmail: row.user.email,
      address: row.address,
      userAgent: row.userAgent,
      createdAt: row.createdAt,
      lastSeenAt: row.lastSeenAt,
      expiresAt: row.expiresAt,
      signedInBy: SignedInBy.catch("password").parse(row.signedInBy),
      isCurrent: row.id === currentId,
    }),
  );
  return toPage(items, input.limit, (session) => [session.id]);
}
