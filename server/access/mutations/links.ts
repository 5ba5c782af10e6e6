import { audit } from "../../platform/audit.ts";
import { hashPassword } from "../../platform/auth/password-hash.ts";
import { DAY_MS, HOUR_MS } from "../../platform/clock.ts";
import { publicUrl } from "../../platform/config.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { announce } from "../../platform/live/announce.ts";
import { refuseKeys } from "../caller.ts";
import { hashLinkToken, makeLinkToken } from "../link-token.ts";
import { findLiveLink, getUser, linkGone } from "../queries/index.ts";
import type { AcceptInvitation, ById, InviteUser, LinkKind, OneTimeLink, ResetByLink, User, UserWithLink } from "../schema.ts";
import { assertGoodPassword, endSessions, insertUser, revokeLinks } from "./user-row.ts";

/** What each kind of link opens, and for how long. The token is behind the #, so no server and no log ever sees it. */
const KINDS: Record<LinkKind, { path: string; lifetimeMs: number }> = {
  invitation: { path: "/accept-invitation", lifetimeMs: 7 * DAY_MS },
  passwordReset: { path: "/reset-password", lifetimeMs: HOUR_MS },
};

/** Makes a link inside the caller's transaction; earlier ones of the same user stop working. */
async function makeLink(tx: Context, userId: string, kind: LinkKind): Promise<OneTimeLink> {
  const { path, lifetimeMs } = KINDS[kind];
  const now = tx.now();
  const token = makeLinkToken();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  await revokeLinks(tx, userId);
  await tx.db.oneTimeLink.create({ data: { id: newId("lnk", now), kind, tokenHash: hashLinkToken(token), userId, createdAt: now, createdBy: actorLabel(tx.actor), expiresAt } });
  return { url: `${publicUrl()}${path}#${token}`, expiresAt };
}

/** Creates an account without a password, and the link that lets its owner set one. Throws `conflict` when the email is taken. */
export async function inviteUser(ctx: Context, input: InviteUser): Promise<UserWithLink> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const id = await insertUser(tx, { email: input.email, name: input.name ?? input.email, role: input.role, passwordHash: null });
    const link = await makeLink(tx, id, "invitation");
    const user = await getUser(tx, id);
    await audit(tx, { action: "access.inviteUser", target: { kind: "user", id }, summary: `Invited ${user.email} as ${user.role}`, after: user });
    await announce(tx, { topic: "access", id });
    return { user, link };
  });
}

/** Replaces the link of an invitation that was not accepted yet. Throws `not_found`, `precondition`. */
export async function renewInvitation(ctx: Context, input: ById): Promise<UserWithLink> {
  return sendLink(ctx, input, "invitation");
}

/** Makes a link by which a user sets a new password; nothing ends until it is used. Throws `not_found`, `precondition`. */
export async function issueResetLink(ctx: Context, input: ById): Promise<UserWithLink> {
  return sendLink(ctx, input, "passwordReset");
}

function assertLinkFits(user: User, kind: LinkKind): void {
  if (user.disabledAt) throw new AppError("precondition", `${user.name} is disabled. Enable the account first.`);
  if (kind === "invitation" && !user.isInvited) throw new AppError("precondition", `${user.name} has accepted already.`);
  if (kind === "passwordReset" && user.isInvited) throw new AppError("precondition", `${user.name} has not accepted the invitation yet. Renew it instead.`);
}

const DONE: Record<LinkKind, { action: `access.${string}`; verb: string }> = {
  invitation: { action: "access.renewInvitation", verb: "Renewed the invitation of" },
  passwordReset: { action: "access.issueResetLink", verb: "Made a link to reset the password of" },
};

async function sendLink(ctx: Context, { id }: ById, kind: LinkKind): Promise<UserWithLink> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const user = await getUser(tx, id);
    assertLinkFits(user, kind);
    const link = await makeLink(tx, id, kind);
    await audit(tx, { action: DONE[kind].action, target: { kind: "user", id }, summary: `${DONE[kind].verb} ${user.name}` });
    await announce(tx, { topic: "access", id });
    return { user, link };
  });
}

/** Sets name and password of an invited account; then its owner can sign in. Throws `invalid`, `limit`. */
export async function acceptInvitation(ctx: Context, input: AcceptInvitation): Promise<{ email: string }> {
  return setPasswordByLink(ctx, { ...input, kind: "invitation" });
}

/** Sets a new password and ends all sessions; a second factor stays on. Throws `invalid`, `limit`. */
export async function resetPasswordByLink(ctx: Context, input: ResetByLink): Promise<{ email: string }> {
  return setPasswordByLink(ctx, { ...input, kind: "passwordReset" });
}

type LinkUse = ResetByLink & { kind: LinkKind; name?: string };

async function setPasswordByLink(ctx: Context, { token, kind, name, password }: LinkUse): Promise<{ email: string }> {
  const link = await findLiveLink(ctx, token);
  if (link.kind !== kind) throw linkGone();
  assertGoodPassword(password, { email: link.email, field: "password" });
  const passwordHash = await hashPassword(password);
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    // Of two uses at once, one finds the link used.
    const used = await tx.db.oneTimeLink.updateMany({ where: { id: link.id, usedAt: null, revokedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
    const changed = await tx.db.user.updateMany({ where: { id: link.userId, disabledAt: null }, data: { passwordHash, name, updatedAt: now } });
    if (used.count === 0 || changed.count === 0) throw linkGone();
    const ended = await endSessions(tx, link.userId);
    const done = kind === "invitation" ? { action: "access.acceptInvitation", summary: `${link.email} accepted the invitation` } as const : { action: "access.resetPasswordByLink", summary: `${link.email} set a new password by link, ended ${ended} sessions` } as const;
    await audit(tx, { ...done, target: { kind: "user", id: link.userId } });
    await announce(tx, { topic: "access", id: link.userId });
    return { email: link.email };
  });
}
