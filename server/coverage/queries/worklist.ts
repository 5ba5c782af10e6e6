/**
 * The files whose tests are worth most: below their goal (the floor that names them, else the gate's target), by the
 * points that reaching the goal would gain for the whole service.
 */
import * as z from "zod";
import type { Context } from "../../platform/context.ts";
import { decodeCursor, encodeCursor } from "../../platform/page.ts";
import { compileFloors, floorOf } from "../gates/floors.ts";
import type { Entry } from "../manifest.ts";
import { percentOf, type Policy, type WorkItem, type Worklist, type WorklistInput } from "../schema/index.ts";
import { latestCommit } from "./commits.ts";
import { readEntries } from "./content.ts";
import { findCovered, toPolicy } from "./policy.ts";

/** Files of each service that enter the list. */
const MOST_OF_ONE = 200;

type Covered = { id: string; name: string; slug: string };

/** The worklist of one service, best first. */
export function workOf(service: Covered, entries: readonly Entry[], policy: Pick<Policy, "gate">): WorkItem[] {
  const floors = compileFloors(policy.gate.floors);
  const all = entries.reduce((sum, { totals }) => sum + (totals.lines?.total ?? 0), 0);
  const items = entries.flatMap(({ path, totals }): WorkItem[] => {
    const percent = percentOf(totals.lines);
    const goal = floorOf(floors, path, "lines")?.percent ?? policy.gate.levels.lines.target;
    if (percent === null || !totals.lines || percent >= goal) return [];
    const gain = ((goal - percent) * totals.lines.total) / all;
    return [{ serviceId: service.id, service: service.name, slug: service.slug, path, percent, goal, gain, uncovered: totals.lines.total - totals.lines.covered }];
  });
  return items.toSorted((a, b) => b.gain - a.gain || (a.path < b.path ? -1 : 1)).slice(0, MOST_OF_ONE);
}

async function servicesOf(ctx: Context, wanted: string | undefined): Promise<{ service: Covered; policy: Policy }[]> {
  if (wanted !== undefined) return [await findCovered(ctx, wanted)];
  const rows = await ctx.db.service.findMany({ where: { archivedAt: null, coverageCommits: { some: {} } }, include: { coveragePolicy: true } });
  return rows.map((service) => ({ service, policy: toPolicy(service.coveragePolicy) }));
}

const Cursor = z.tuple([z.int().min(0)]);

/** The worklist over one service or all. The cursor is a place in the list as it is now. */
export async function readWorklist(ctx: Context, input: WorklistInput): Promise<Worklist> {
  const items: WorkItem[] = [];
  for (const { service, policy } of await servicesOf(ctx, input.service)) {
    const commit = await latestCommit(ctx, service.id, policy.defaultBranch);
    if (commit) items.push(...workOf(service, await readEntries(ctx, commit.pages), policy));
  }
  const sorted = items.toSorted((a, b) => b.gain - a.gain || (a.path < b.path ? -1 : 1));
  const start = decodeCursor(input.cursor, Cursor)?.[0] ?? 0;
  const end = start + input.limit;
  return { items: sorted.slice(start, end), nextCursor: end < sorted.length ? encodeCursor([end]) : null, total: sorted.length };
}
