import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { chargeFailure, forgiveFailure } from "../../platform/limiter/charge.ts";
import { hashLinkToken } from "../link-token.ts";
import type { LinkToken, OpenedLink } from "../schema.ts";

/** A link that works now, with its user. */
export type LiveLink = OpenedLink & { id: string; userId: string };

/** One sentence for a link that never was, was used, replaced or is too old, and for one of a disabled user. */
export const linkGone = (): AppError => new AppError("invalid", "This link does not work any more: it was used, replaced or is too old. Ask an administrator for a new one.");

/** Finds a link by its token. A wrong one counts as a failed sign-in of the address. Throws `invalid`, `limit`. */
export async function findLiveLink(ctx: Context, token: string): Promise<LiveLink> {
  await chargeFailure(ctx);
  const row = await ctx.db.oneTimeLink.findUnique({
    where: { tokenHash: hashLinkToken(token) },
    select: { id: true, kind: true, userId: true, expiresAt: true, usedAt: true, revokedAt: true, user: { select: { email: true, name: true, disabledAt: true } } },
  });
  const isLive = row && !row.usedAt && !row.revokedAt && row.expiresAt > ctx.now() && !row.user.disabledAt;
  if (!isLive) throw linkGone();
  await forgiveFailure(ctx);
  return { id: row.id, kind: row.kind, userId: row.userId, email: row.user.email, name: row.user.name, expiresAt: row.expiresAt };
}

/** What a link is for, for the page it leads to. Throws `invalid`, `limit`. */
export async function openLink(ctx: Context, input: LinkToken): Promise<OpenedLink> {
  const { kind, email, name, expiresAt } = await findLiveLink(ctx, input.token);
  return { kind, email, name, expiresAt };
}
