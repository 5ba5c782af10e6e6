/** The default branch of a service that nobody said anything about: the main line that its first report comes from. */
import type { Prisma, Service } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { findCovered } from "../queries/policy.ts";
import { DEFAULT_GATE, type Policy } from "../schema/index.ts";

/** Names that repositories give their main line, beside `main`. Any other branch may be one of many. */
const MAINLINES = new Set(["master", "trunk", "mainline", "develop", "default"]);

type Pushed = { branch: string; pullRequest?: string };
type Covered = { service: Service; policy: Policy };

async function hasMain(tx: Context, serviceId: string, branch: string): Promise<boolean> {
  const where = { serviceId, branch };
  return (await tx.db.coverageCommit.count({ where })) > 0 || (await tx.db.testRun.count({ where })) > 0;
}

/** Takes `master` and its like as the default branch when nobody set a gate and nothing came from `main`. Returns what holds then. */
export async function takeMainline(tx: Context, { service, policy }: Covered, { branch, pullRequest }: Pushed): Promise<Policy> {
  if (policy.revision > 0 || pullRequest !== undefined || !MAINLINES.has(branch) || (await hasMain(tx, service.id, policy.defaultBranch))) return policy;
  const { count } = await tx.db.coveragePolicy.createMany({ data: [{ serviceId: service.id, defaultBranch: branch, expectedFlags: [], gate: DEFAULT_GATE as unknown as Prisma.InputJsonValue, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) }], skipDuplicates: true });
  if (count > 0) await audit(tx, { action: "coverage.takeMainline", target: { kind: "service", id: service.id }, summary: `Took ${branch} as the default branch of ${service.name}: its first report came from there`, before: { defaultBranch: policy.defaultBranch }, after: { defaultBranch: branch } });
  return (await findCovered(tx, service.id)).policy;
}
