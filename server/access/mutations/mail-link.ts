import { audit } from "../../platform/audit.ts";
import { HOUR_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { mail, sendsMail } from "../../platform/mail/mailer.ts";
import { MailError } from "../../platform/mail/send.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { getSettings } from "../../settings/queries/index.ts";
import { forgottenPasswordJob } from "../jobs.ts";
import { hashLinkToken, makeLinkToken } from "../link-token.ts";
import { mailOfLink } from "../mail-texts.ts";
import type { ForgottenPassword, LinkKind } from "../schema.ts";
import { linkUrl, makeLink } from "./make-link.ts";

/** Links that one account may get in an hour for the asking: enough for a mistyped start, too few to flood a mailbox. */
const LINKS_PER_HOUR = 3;
const WITHOUT_MAIL = "This console sends no mail. Ask an administrator for a link that sets a new password.";

/**
 * Takes a wish for a link to a new password. Known and unknown addresses are answered alike and in the same time, because
 * whether there is an account is looked up later, by the worker. Throws `precondition` when no mail server is set.
 */
export async function requestPasswordLink(ctx: Context, { email }: ForgottenPassword): Promise<{ ok: true }> {
  if (!sendsMail()) throw new AppError("precondition", WITHOUT_MAIL);
  await enqueue(ctx, forgottenPasswordJob, { email }, { key: email });
  return { ok: true };
}

/** Mails a link when the address belongs to an enabled account with a password that did not get too many lately. */
export async function answerForgottenPassword(ctx: Context, { email }: ForgottenPassword): Promise<void> {
  const user = await ctx.db.user.findUnique({ where: { email }, select: { id: true, name: true, passwordHash: true, disabledAt: true } });
  if (!user || user.disabledAt || user.passwordHash === null) return;
  const since = new Date(ctx.now().getTime() - HOUR_MS);
  await inTransaction(ctx, async (tx) => {
    const sent = await tx.db.oneTimeLink.count({ where: { userId: user.id, kind: "passwordReset", mailState: { not: null }, createdAt: { gt: since } } });
    if (sent >= LINKS_PER_HOUR) return;
    await makeLink(tx, { userId: user.id, kind: "passwordReset", delivery: "mail" });
    await audit(tx, { action: "access.forgottenPassword", target: { kind: "user", id: user.id }, summary: `Somebody asked for a link to a new password of ${user.name}` });
    await announce(tx, { topic: "access", id: user.id });
  });
}

type LiveRow = { kind: LinkKind; expiresAt: Date; createdBy: string; user: { id: string; email: string } };

/** Gives the link a token of its own for this attempt; null when it was used, replaced or is too old, or its owner is disabled. */
async function claimLink(ctx: Context, linkId: string): Promise<{ row: LiveRow; token: string } | null> {
  const token = makeLinkToken();
  const isLive = { id: linkId, usedAt: null, revokedAt: null, expiresAt: { gt: ctx.now() }, user: { disabledAt: null } };
  const { count } = await ctx.db.oneTimeLink.updateMany({ where: isLive, data: { tokenHash: hashLinkToken(token) } });
  if (count === 0) return null;
  const row = await ctx.db.oneTimeLink.findUniqueOrThrow({ where: { id: linkId }, select: { kind: true, expiresAt: true, createdBy: true, user: { select: { id: true, email: true } } } });
  return { row, token };
}

async function settle(ctx: Context, linkId: string, outcome: { userId: string; state: "queued" | "sent" | "failed"; problem: string | null; summary: string | null }): Promise<void> {
  const { userId, state, problem, summary } = outcome;
  await inTransaction(ctx, async (tx) => {
    await tx.db.oneTimeLink.updateMany({ where: { id: linkId }, data: { mailState: state, mailProblem: problem, mailedAt: tx.now() } });
    if (summary) await audit(tx, { action: state === "sent" ? "access.mailLink" : "access.mailLinkFailed", target: { kind: "user", id: userId }, summary });
    await announce(tx, { topic: "access", id: userId });
  });
}

/**
 * Mails a link. Each attempt has a token of its own and only the newest works, so a mail whose answer was lost does no
 * harm. Throws MailError when the server did not take it; `isLast` then closes the matter.
 */
export async function mailLink(ctx: Context, { linkId, isLast }: { linkId: string; isLast: boolean }): Promise<void> {
  const claimed = await claimLink(ctx, linkId);
  if (!claimed) return;
  const { row, token } = claimed;
  const { values } = await getSettings(ctx);
  const text = mailOfLink({ kind: row.kind, console: values.instanceName, url: linkUrl(row.kind, token), expiresAt: row.expiresAt, invitedBy: row.createdBy });
  try {
    await mail(ctx, { to: row.user.email, ...text });
    await settle(ctx, linkId, { userId: row.user.id, state: "sent", problem: null, summary: `Mailed ${row.kind === "invitation" ? "the invitation" : "a link to a new password"} to ${row.user.email}` });
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const isOver = isLast || error.isFinal;
    const summary = isOver ? `The link for ${row.user.email} could not be mailed: ${error.message}` : null;
    await settle(ctx, linkId, { userId: row.user.id, state: isOver ? "failed" : "queued", problem: error.message, summary });
    throw error;
  }
}
