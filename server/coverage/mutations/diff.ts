/** What a change adds, and how much of that its tests reach. */
import type { Prisma } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { addedLines } from "../gates/patch.ts";
import { uncoveredAdded } from "../queries/patch.ts";
import { findCovered } from "../queries/policy.ts";
import { verdictOf } from "../queries/rows.ts";
import { CountWord, percentOf, type PatchResult, type PushDiff } from "../schema/index.ts";
import { assertOpen, holdCommit } from "./commits.ts";
import { settleCommit } from "./settle.ts";

/** Keeps the lines that a diff adds and judges the commit with them. Throws `invalid` for text that is no diff. */
export async function pushDiff(ctx: Context, input: PushDiff): Promise<PatchResult> {
  const added = addedLines(input.diff);
  if (added.size === 0 && !/^(?:diff |--- |\+\+\+ |Index: )/m.test(input.diff)) throw new AppError("invalid", "The text is no unified diff. Nothing was kept.");
  const asJson = Object.fromEntries([...added].map(([path, ranges]) => [path, ranges.map(({ from, to }) => [from, to])]));
  return inTransaction(ctx, async (tx) => {
    const { service, policy } = await findCovered(tx, input.service);
    assertOpen(service);
    const commit = await holdCommit(tx, service.id, input);
    const kept = await tx.db.coverageCommit.update({ where: { id: commit.id }, data: { addedLines: asJson as Prisma.InputJsonValue } });
    const settled = await settleCommit(tx, kept, { policy });
    const count = CountWord.parse(settled.patch ?? { covered: 0, total: 0 });
    await audit(tx, { action: "coverage.diff", target: { kind: "service", id: service.id }, summary: `Took the diff of ${service.name}, ${commit.commit.slice(0, 7)}`, after: { commit: commit.commit, files: added.size, ...count, outcome: settled.outcome } });
    await announce(tx, { topic: "coverage", id: service.id });
    return { ...count, percent: percentOf(count), files: await uncoveredAdded(tx, settled), verdict: verdictOf(settled) };
  });
}
