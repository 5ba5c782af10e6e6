/** The badge of a service, from its last evaluation. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { assertMay } from "../../platform/permissions.ts";
import { findService } from "../../services/queries/index.ts";
import { badgeOf } from "../badge.ts";
import type { Badge, Level } from "../schema/index.ts";
import { getPolicy } from "./policy.ts";

/** A stranger must not learn which services there are, so a private badge and one that does not exist are alike. */
const hidden = () => new AppError("not_found", "There is no such badge, or it is not public: sign in, or send an API key.");

/** True when everybody may see the badge of the service. */
export async function isBadgePublic(ctx: Context, serviceId: string): Promise<boolean> {
  return (await ctx.db.readinessBadge.findUnique({ where: { serviceId }, select: { serviceId: true } })) !== null;
}

/** The figure of a badge. Without a sign-in only where somebody showed it to everybody. */
export async function readBadge(ctx: Context, input: { id: string }): Promise<Badge> {
  const isStranger = ctx.actor.kind === "anonymous";
  const service = await findService(ctx, input.id).catch((error: unknown) => {
    throw isStranger ? hidden() : error;
  });
  const isPublic = await isBadgePublic(ctx, service.id);
  if (isStranger && !isPublic) throw hidden();
  if (!isPublic) assertMay(ctx.actor, { access: "viewer", scope: "readiness:read" });
  const [stored, { goal }] = await Promise.all([ctx.db.readinessScore.findUnique({ where: { serviceId: service.id }, select: { score: true, level: true, blocking: true } }), getPolicy(ctx)]);
  return badgeOf(stored && service.archivedAt === null ? { ...stored, level: stored.level as Level } : null, goal);
}
