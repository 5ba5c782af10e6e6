/** The pre-production review of one service: everything on one date. */
import type { Context } from "../../platform/context.ts";
import { reportData, reportMarkdown } from "../report.ts";
import type { ReadReport, Report } from "../schema/index.ts";
import type * as z from "zod";
import { getScorecard } from "./cards.ts";
import { readChecklists } from "./checklists.ts";
import { listChanges, readHistory } from "./history.ts";
import { listDeferred, listMilestones, listRisks, listWorkstreams } from "./plan.ts";
import { listWaivers } from "./waivers.ts";

const MOST = 100;

/** Reads everything and writes it down, as Markdown for people or JSON for machines. */
export async function readReport(ctx: Context, input: ReadReport): Promise<z.infer<typeof Report>> {
  const card = await getScorecard(ctx, input);
  const [history, changes, waivers, checklists, risks, workstreams, milestones, deferred] = await Promise.all([
    readHistory(ctx, { id: card.serviceId }),
    listChanges(ctx, { id: card.serviceId, limit: MOST }),
    listWaivers(ctx, { id: card.serviceId, limit: MOST }),
    readChecklists(ctx, { id: card.serviceId }),
    listRisks(ctx, { limit: MOST, closed: "false" }),
    listWorkstreams(ctx),
    listMilestones(ctx),
    listDeferred(ctx),
  ]);
  const facts = { card, history: history.points, changes: changes.items, waivers: waivers.items, checklists: checklists.lists.filter(({ isAdopted }) => isAdopted), risks: risks.items, workstreams: workstreams.items, milestones: milestones.items, deferred: deferred.items };
  const day = card.evaluatedAt.toISOString().slice(0, 10);
  if (input.format === "json") return { format: "json", fileName: `readiness-${card.slug}-${day}.json`, text: JSON.stringify(reportData(facts), null, 2) };
  return { format: "markdown", fileName: `readiness-${card.slug}-${day}.md`, text: reportMarkdown(facts) };
}
