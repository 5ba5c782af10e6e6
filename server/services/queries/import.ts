/** What a file of services would do, without doing it. */
import type { Context } from "../../platform/context.ts";
import type { CheckConfig } from "../check-config.ts";
import { countSteps, planServices, readServices, type Known, type Step } from "../csv/plan.ts";
import type { ImportPreview, Link, PreviewImport } from "../schema.ts";

async function findKnown(ctx: Context, slugs: string[]): Promise<Known[]> {
  const rows = await ctx.db.service.findMany({ where: { slug: { in: slugs } }, include: { checks: { where: { kind: "http" }, select: { config: true } } } });
  return rows.map(({ checks, links, archivedAt, ...service }) => ({
    ...service,
    links: links as Link[],
    isArchived: archivedAt !== null,
    // Only headers of an HTTP check are sealed, so its address can be read as it is stored.
    addresses: checks.flatMap(({ config }) => ((config as CheckConfig).kind === "http" ? [(config as Extract<CheckConfig, { kind: "http" }>).url] : [])),
  }));
}

/** The steps of a file, held against the registry as it is now. Throws `invalid` for a file that cannot be read. */
export async function planImport(ctx: Context, csv: string): Promise<{ steps: Step[]; preview: ImportPreview }> {
  const read = readServices(csv);
  const steps = planServices(read, await findKnown(ctx, [...new Set(read.lines.map(({ slug }) => slug))]));
  return { steps, preview: { counts: countSteps(steps), lines: steps.map(({ shown }) => shown), ignoredColumns: read.columns.ignored } };
}

/** What each line of a file would do. Changes nothing. */
export async function previewImport(ctx: Context, { csv }: PreviewImport): Promise<ImportPreview> {
  return (await planImport(ctx, csv)).preview;
}
