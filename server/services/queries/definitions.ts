/** Services as they are defined, without what is known of them: for files that people keep and review. */
import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import { maskConfig, openConfig } from "../check-secrets.ts";
import type { CheckConfig, DefinitionPage, Link, ListDefinitions } from "../schema.ts";

const Key = z.tuple([z.string()]);

/** Live services with their checks, secrets masked, ordered by slug. */
export async function listDefinitions(ctx: Context, { cursor, limit }: z.infer<typeof ListDefinitions>): Promise<z.infer<typeof DefinitionPage>> {
  const after = decodeCursor(cursor, Key);
  const rows = await ctx.db.service.findMany({
    where: { archivedAt: null, ...(after ? { slug: { gt: after[0] } } : {}) },
    include: { checks: { orderBy: [{ name: "asc" }, { id: "asc" }] } },
    orderBy: { slug: "asc" },
    take: limit + 1,
  });
  const page = toPage(rows, limit, ({ slug }) => [slug]);
  const items = page.items.map((service) => ({
    id: service.id,
    slug: service.slug,
    name: service.name,
    description: service.description,
    domain: service.domain,
    tier: service.tier,
    environment: service.environment,
    owner: service.owner,
    repositoryUrl: service.repositoryUrl,
    links: service.links as Link[],
    tags: service.tags,
    isSelf: service.isSelf,
    revision: service.revision,
    checks: service.checks.map((check) => ({
      id: check.id,
      name: check.name,
      intervalSeconds: check.intervalSeconds,
      timeoutMs: check.timeoutMs,
      failuresBeforeDown: check.failuresBeforeDown,
      successesBeforeUp: check.successesBeforeUp,
      isPaused: check.pausedAt !== null,
      revision: check.revision,
      config: maskConfig(openConfig(check.config as CheckConfig)),
    })),
  }));
  return { items, nextCursor: page.nextCursor };
}
