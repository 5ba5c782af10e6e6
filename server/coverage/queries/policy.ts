/** The service behind a call and what its coverage is held to. */
import * as z from "zod";
import type { CoveragePolicy, Service } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { findService } from "../../services/queries/index.ts";
import { DEFAULT_GATE, GatePolicy, type ListPolicies, type Policy, type PolicyPage } from "../schema/index.ts";

const DEFAULT_BRANCH = "main";

/** The policy as callers see it; defaults, under revision 0, for a service without one. */
export function toPolicy(row: CoveragePolicy | null): Policy {
  if (!row) return { revision: 0, defaultBranch: DEFAULT_BRANCH, expectedFlags: [], gate: DEFAULT_GATE, isBadgePublic: false, sourceUrl: null, updatedAt: null, updatedBy: null };
  const { revision, defaultBranch, expectedFlags, isBadgePublic, sourceUrl, updatedAt, updatedBy } = row;
  return { revision, defaultBranch, expectedFlags, gate: GatePolicy.parse(row.gate), isBadgePublic, sourceUrl, updatedAt, updatedBy };
}

/** The service by id or slug, with its policy. Throws `not_found`. */
export async function findCovered(ctx: Context, idOrSlug: string): Promise<{ service: Service; policy: Policy }> {
  const service = await findService(ctx, idOrSlug);
  return { service, policy: toPolicy(await ctx.db.coveragePolicy.findUnique({ where: { serviceId: service.id } })) };
}

const Key = z.tuple([z.string()]);

/** Policies that somebody set, with the service they are for, ordered by its slug. */
export async function listPolicies(ctx: Context, { cursor, limit }: ListPolicies): Promise<z.infer<typeof PolicyPage>> {
  const after = decodeCursor(cursor, Key);
  const rows = await ctx.db.coveragePolicy.findMany({
    where: { service: { archivedAt: null, ...(after ? { slug: { gt: after[0] } } : {}) } },
    include: { service: { select: { slug: true } } },
    orderBy: { service: { slug: "asc" } },
    take: limit + 1,
  });
  const { items, nextCursor } = toPage(rows, limit, ({ service }) => [service.slug]);
  return { items: items.map(({ service, ...row }) => ({ service: service.slug, ...toPolicy(row) })), nextCursor };
}

/** What a service's coverage is held to. */
export async function getPolicy(ctx: Context, input: { service: string }): Promise<Policy> {
  return (await findCovered(ctx, input.service)).policy;
}
