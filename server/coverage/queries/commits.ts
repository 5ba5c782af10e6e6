/** Commits of a service: the newest of a branch, one by its name, all by time. */
import * as z from "zod";
import type { CoverageCommit, Service } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { decodeCursor, toPage } from "../../platform/page.ts";
import type { CommitRow, ListCommits, Policy, ViewInput } from "../schema/index.ts";
import { findCovered } from "./policy.ts";
import { toCommitRow } from "./rows.ts";

/** The newest commit of a branch that has coverage, or null. */
export function latestCommit(ctx: Context, serviceId: string, branch: string): Promise<CoverageCommit | null> {
  return ctx.db.coverageCommit.findFirst({ where: { serviceId, branch, files: { gt: 0 } }, orderBy: [{ at: "desc" }, { id: "desc" }] });
}

/** A commit by its name or the beginning of it. Throws `not_found`. */
export async function findCommit(ctx: Context, service: Pick<Service, "id" | "name">, commit: string): Promise<CoverageCommit> {
  const exact = await ctx.db.coverageCommit.findUnique({ where: { serviceId_commit: { serviceId: service.id, commit } } });
  const found = exact ?? (await ctx.db.coverageCommit.findFirst({ where: { serviceId: service.id, commit: { startsWith: commit } }, orderBy: { at: "desc" } }));
  if (!found) throw new AppError("not_found", `Nothing was pushed for ${service.name} at ${commit.slice(0, 12)}.`);
  return found;
}

export type View = { service: Service; policy: Policy; commit: CoverageCommit | null };

/** What a view looks at: the named commit, else the newest of the branch. Throws `not_found` for a name that is unknown. */
export async function findView(ctx: Context, input: Pick<ViewInput, "service" | "commit" | "branch">): Promise<View> {
  const { service, policy } = await findCovered(ctx, input.service);
  const commit = input.commit ? await findCommit(ctx, service, input.commit) : await latestCommit(ctx, service.id, input.branch ?? policy.defaultBranch);
  return { service, policy, commit };
}

/** The pages of a view: of one flag (also one that is carried forward) or of everything. */
export async function pagesOf(ctx: Context, view: View, flag: string | undefined): Promise<Uint8Array | null> {
  const { commit } = view;
  if (!commit || flag === undefined) return commit?.pages ?? null;
  const own = await ctx.db.coverageSuite.findUnique({ where: { commitId_flag: { commitId: commit.id, flag } } });
  if (own) return own.pages;
  const carried = toCommitRow(commit).flags.carried.find((one) => one.flag === flag);
  if (!carried) return null;
  const from = await ctx.db.coverageSuite.findFirst({ where: { flag, commit: { serviceId: commit.serviceId, commit: carried.commit } } });
  return from?.pages ?? null;
}

const Cursor = z.tuple([z.iso.datetime(), z.string()]);

/** Commits of a service, newest first. */
export async function listCommits(ctx: Context, input: ListCommits): Promise<{ items: CommitRow[]; nextCursor: string | null }> {
  const { service } = await findCovered(ctx, input.service);
  const after = decodeCursor(input.cursor, Cursor);
  const rows = await ctx.db.coverageCommit.findMany({
    where: {
      serviceId: service.id,
      ...(input.branch ? { branch: input.branch } : {}),
      ...(after ? { OR: [{ at: { lt: new Date(after[0]) } }, { at: new Date(after[0]), id: { lt: after[1] } }] } : {}),
    },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: input.limit + 1,
  });
  const page = toPage(rows, input.limit, (row) => [row.at, row.id]);
  return { items: page.items.map(toCommitRow), nextCursor: page.nextCursor };
}
