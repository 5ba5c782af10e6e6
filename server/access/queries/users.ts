import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import type { Prisma } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { SESSION_IDLE_MS } from "../../platform/auth/session-token.ts";
import type { LinkMail, ListUsers, User } from "../schema.ts";

const UserCursor = z.tuple([z.string()]);

/** What makes a session count as alive, apart from its user being enabled. */
export function liveSession(now: Date): Prisma.SessionWhereInput {
  return { revokedAt: null, expiresAt: { gt: now }, lastSeenAt: { gt: new Date(now.getTime() - SESSION_IDLE_MS) } };
}

/** What makes a key work, apart from its owner being enabled. */
export function liveKey(now: Date): Prisma.ApiKeyWhereInput {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
}

function selectUser(now: Date) {
  return {
    id: true,
    email: true,
    name: true,
    role: true,
    disabledAt: true,
    lastSignInAt: true,
    createdAt: true,
    passwordHash: true,
    secondFactor: { select: { confirmedAt: true } },
    identities: { select: { issuer: true } },
    links: { where: { mailState: { not: null }, usedAt: null, revokedAt: null }, orderBy: { createdAt: "desc" }, take: 1, select: { mailState: true, mailProblem: true, mailedAt: true } },
    _count: { select: { sessions: { where: liveSession(now) }, apiKeys: { where: liveKey(now) } } },
  } satisfies Prisma.UserSelect;
}

type UserRow = Prisma.UserGetPayload<{ select: ReturnType<typeof selectUser> }>;

function toUser({ _count, passwordHash, secondFactor, identities, links, ...user }: UserRow): User {
  const isDisabled = user.disabledAt !== null;
  const isInvited = passwordHash === null && user.lastSignInAt === null;
  const hasSecondFactor = (secondFactor?.confirmedAt ?? null) !== null;
  const [sent] = links;
  const linkMail = sent?.mailState && sent.mailedAt ? { state: sent.mailState as LinkMail["state"], problem: sent.mailProblem, at: sent.mailedAt } : null;
  return { ...user, isInvited, linkMail, hasSecondFactor, isLinked: identities.length > 0, liveSessions: isDisabled ? 0 : _count.sessions, liveKeys: isDisabled ? 0 : _count.apiKeys };
}

/** Users in the order they were created. */
export async function listUsers(ctx: Context, input: ListUsers): Promise<{ items: User[]; nextCursor: string | null }> {
  const after = decodeCursor(input.cursor, UserCursor);
  const where: Prisma.UserWhereInput = { role: input.role };
  if (after) where.id = { gt: after[0] };
  if (input.state) where.disabledAt = input.state === "disabled" ? { not: null } : null;
  if (input.search) where.OR = [{ name: { contains: input.search, mode: "insensitive" } }, { email: { contains: input.search, mode: "insensitive" } }];
  const rows = await ctx.db.user.findMany({ where, select: selectUser(ctx.now()), orderBy: { id: "asc" }, take: input.limit + 1 });
  return toPage(rows.map(toUser), input.limit, (user) => [user.id]);
}

/** One user. Throws `not_found`. */
export async function getUser(ctx: Context, id: string): Promise<User> {
  const row = await ctx.db.user.findUnique({ where: { id }, select: selectUser(ctx.now()) });
  if (!row) throw new AppError("not_found", "There is no user with this id.");
  return toUser(row);
}
