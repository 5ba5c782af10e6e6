import { audit } from "../../platform/audit.ts";
import { hashPassword } from "../../platform/auth/password-hash.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { refuseKeys } from "../caller.ts";
import { findLiveLink, getUser, linkGone } from "../queries/index.ts";
import type { AcceptInvitation, InviteUser, LinkKind, ResetByLink, SendLink, User, UserWithLink } from "../schema.ts";
import { makeLink } from "./make-link.ts";
import { assertGoodPassword, endSessions, insertUser } from "./user-row.ts";

/** Creates an account without a password, and the link that lets its owner set one: mailed, or shown when the console sends no mail. Throws `conflict` when the email is taken. */
export async function inviteUser(ctx: Context, input: InviteUser): Promise<UserWithLink> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const id = await insertUser(tx, { email: input.email, name: input.name ?? input.email, role: input.role, passwordHash: null });
    const link = await makeLink(tx, { userId: id, kind: "invitation", delivery: input.delivery });
    const user = await getUser(tx, id);
    await audit(tx, { action: "access.inviteUser", target: { kind: "user", id }, summary: `Invited ${user.email} as ${user.role}`, after: user });
    await announce(tx, { topic: "access", id });
    return { user, link, mailedTo: link ? null : user.email };
  });
}

/** Replaces the link of an invitation that was not accepted yet. Throws `not_found`, `precondition`. */
export async function renewInvitation(ctx: Context, input: SendLink): Promise<UserWithLink> {
  return sendLink(ctx, input, "invitation");
}

/** Makes a link by which a user sets a new password; nothing ends until it is used. Throws `not_found`, `precondition`. */
export async function issueResetLink(ctx: Context, input: SendLink): Promise<UserWithLink> {
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

async function sendLink(ctx: Context, { id, delivery }: SendLink, kind: LinkKind): Promise<UserWithLink> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const user = await getUser(tx, id);
    assertLinkFits(user, kind);
    const link = await makeLink(tx, { userId: id, kind, delivery });
    await audit(tx, { action: DONE[kind].action, target: { kind: "user", id }, summary: `${DONE[kind].verb} ${user.name}` });
    await announce(tx, { topic: "access", id });
    return { user: await getUser(tx, id), link, mailedTo: link ? null : user.email };
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
