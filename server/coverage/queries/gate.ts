/** The gate's answer, for a build, for a pull request and for a badge. */
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { assertMay } from "../../platform/permissions.ts";
import { badgeOf } from "../badge.ts";
import { summaryMarkdown } from "../markdown.ts";
import { isPassing, percentages, percentOf, type Badge, type BadgeInput, type GateResult, type ViewInput } from "../schema/index.ts";
import { findView, latestCommit, type View } from "./commits.ts";
import { commitBefore } from "./history.ts";
import { uncoveredAdded } from "./patch.ts";
import { findCovered } from "./policy.ts";
import { suiteTotals, toCommitRow, totalsOfRow, verdictOf } from "./rows.ts";

/** Says where the reports are, when they are elsewhere. */
async function nothingToJudge(ctx: Context, { service, policy }: Pick<View, "service" | "policy">, branch: string | undefined): Promise<AppError> {
  const newest = await ctx.db.coverageCommit.findFirst({ where: { serviceId: service.id, files: { gt: 0 } }, orderBy: [{ at: "desc" }, { id: "desc" }], select: { branch: true } });
  if (!newest) return new AppError("not_found", `No report of ${service.name} has arrived yet, so there is nothing to judge.`);
  const asked = branch ?? `its default branch, ${policy.defaultBranch}`;
  return new AppError("not_found", `No report of ${service.name} came from ${asked}; the newest came from ${newest.branch}. Name a branch or a commit, or change the default branch of its gate.`);
}

async function judged(ctx: Context, input: ViewInput) {
  const view = await findView(ctx, input);
  if (!view.commit) throw await nothingToJudge(ctx, view, input.branch);
  return { ...view, commit: view.commit };
}

/** The verdict on a commit, or on the newest of the branch. Throws `not_found` when nothing was pushed. */
export async function readGate(ctx: Context, input: ViewInput): Promise<GateResult> {
  const { service, commit } = await judged(ctx, input);
  const row = toCommitRow(commit);
  return { service: service.slug, commit: commit.commit, branch: commit.branch, verdict: verdictOf(commit), isPassing: isPassing(row.outcome), percent: row.percent, flags: row.flags, url: `/coverage/${service.slug}?commit=${commit.commit}` };
}

/** The summary for a pull request, as Markdown. Throws `not_found` when nothing was pushed. */
export async function readMarkdown(ctx: Context, input: ViewInput): Promise<{ markdown: string }> {
  const { service, policy, commit } = await judged(ctx, input);
  const before = await commitBefore(ctx, commit, policy.defaultBranch);
  const row = toCommitRow(commit);
  const markdown = summaryMarkdown({
    service: service.name,
    commit: commit.commit,
    percent: row.percent,
    before: before ? { commit: before.commit, percent: percentages(totalsOfRow(before)) } : null,
    gate: policy.gate,
    verdict: verdictOf(commit),
    flags: row.flags,
    uncovered: await uncoveredAdded(ctx, commit),
  });
  return { markdown };
}

/** A stranger must not learn which services there are, so a private badge and one that does not exist are alike. */
const hidden = () => new AppError("not_found", "There is no such badge, or it is not public: sign in, or send an API key.");

/** The figure of a badge (shields.io/badges/endpoint-badge). Without a sign-in only where the service's settings allow it. */
export async function readBadge(ctx: Context, input: BadgeInput): Promise<Badge> {
  const isStranger = ctx.actor.kind === "anonymous";
  const { service, policy } = await findCovered(ctx, input.service).catch((error: unknown) => {
    throw isStranger ? hidden() : error;
  });
  if (isStranger && !policy.isBadgePublic) throw hidden();
  if (!policy.isBadgePublic) assertMay(ctx.actor, { access: "viewer", scope: "coverage:read" });
  const commit = await latestCommit(ctx, service.id, policy.defaultBranch);
  const suite = commit && input.flag ? await ctx.db.coverageSuite.findUnique({ where: { commitId_flag: { commitId: commit.id, flag: input.flag } } }) : null;
  const totals = input.flag ? (suite ? suiteTotals(suite) : null) : commit && totalsOfRow(commit);
  return badgeOf({ measure: input.measure, flag: input.flag ?? null, value: percentOf(totals?.[input.measure]), gate: policy.gate });
}
