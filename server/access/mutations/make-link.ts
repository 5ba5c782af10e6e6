import { DAY_MS, HOUR_MS } from "../../platform/clock.ts";
import { publicUrl } from "../../platform/config.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { newId } from "../../platform/ids.ts";
import { sendsMail } from "../../platform/mail/mailer.ts";
import { enqueue } from "../../platform/queue/enqueue.ts";
import { mailLinkJob } from "../jobs.ts";
import { hashLinkToken, makeLinkToken } from "../link-token.ts";
import type { LinkKind, OneTimeLink } from "../schema.ts";
import { revokeLinks } from "./user-row.ts";

/** What each kind of link opens, and for how long. The token is behind the #, so no server and no log ever sees it. */
const KINDS: Record<LinkKind, { path: string; lifetimeMs: number }> = {
  invitation: { path: "/accept-invitation", lifetimeMs: 7 * DAY_MS },
  passwordReset: { path: "/reset-password", lifetimeMs: HOUR_MS },
};

/** The address that a token is opened at. */
export const linkUrl = (kind: LinkKind, token: string): string => `${publicUrl()}${KINDS[kind].path}#${token}`;

export type WantedLink = { userId: string; kind: LinkKind; delivery: "mail" | "show" };

/**
 * Makes a link inside the caller's transaction; earlier ones of the same user stop working. A link that goes by mail gets
 * its real token only when it is sent, so that no queue and no table ever holds one: then null is returned.
 */
export async function makeLink(tx: Context, { userId, kind, delivery }: WantedLink): Promise<OneTimeLink | null> {
  const goesByMail = delivery === "mail" && sendsMail();
  const now = tx.now();
  const id = newId("lnk", now);
  const token = makeLinkToken();
  const expiresAt = new Date(now.getTime() + KINDS[kind].lifetimeMs);
  await revokeLinks(tx, userId);
  await tx.db.oneTimeLink.create({
    data: { id, kind, tokenHash: hashLinkToken(token), userId, createdAt: now, createdBy: actorLabel(tx.actor), expiresAt, ...(goesByMail ? { mailState: "queued", mailedAt: now } : {}) },
  });
  if (!goesByMail) return { url: linkUrl(kind, token), expiresAt };
  await enqueue(tx, mailLinkJob, { linkId: id });
  return null;
}
