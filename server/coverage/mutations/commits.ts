/** The row of a commit, made when something about it first arrives and locked by whoever adds to it. */
import type { CoverageCommit, Prisma, Service } from "../../../prisma/generated/client.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Completeness, Verdict } from "../schema/index.ts";

const NO_FLAGS: Completeness = { present: [], carried: [], missing: [] };
const NO_VERDICT: Verdict = { outcome: "unknown", findings: [], noise: 0 };

export type PushedCommit = { commit: string; branch: string; committedAt?: Date; pullRequest?: string };

/** Throws `conflict` for a service that is archived: nobody looks at what it sends. */
export function assertOpen(service: Service): void {
  if (service.archivedAt) throw new AppError("conflict", `${service.name} is archived. Restore it first; nothing was kept.`);
}

/** A time of commit that lies ahead of us is a wrong clock. */
const timeOf = (committedAt: Date | undefined, now: Date): Date => (committedAt && committedAt < now ? committedAt : now);

/** Finds or makes the commit's row and holds it until the transaction ends. */
export async function holdCommit(tx: Context, serviceId: string, pushed: PushedCommit): Promise<CoverageCommit> {
  const now = tx.now();
  const { commit, branch, committedAt, pullRequest } = pushed;
  const row = { id: newId("cmt", now), serviceId, commit, branch, pullRequest, at: timeOf(committedAt, now), pushedAt: now, updatedAt: now };
  await tx.db.coverageCommit.createMany({
    data: [{ ...row, flags: NO_FLAGS as unknown as Prisma.InputJsonValue, verdict: NO_VERDICT as unknown as Prisma.InputJsonValue }],
    skipDuplicates: true,
  });
  await tx.db.$queryRaw`SELECT 1 FROM coverage_commit WHERE service_id = ${serviceId} AND commit = ${commit} FOR UPDATE`;
  const held = await tx.db.coverageCommit.findUniqueOrThrow({ where: { serviceId_commit: { serviceId, commit } } });
  if (!committedAt || held.at.getTime() === row.at.getTime() || committedAt > now) return held;
  return tx.db.coverageCommit.update({ where: { id: held.id }, data: { at: committedAt } });
}
