/** What a service's coverage is held to. */
import type { Prisma } from "../../../prisma/generated/client.ts";
import { audit } from "../../platform/audit.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { compilePattern } from "../../platform/regex.ts";
import { globPattern } from "../gates/floors.ts";
import { latestCommit } from "../queries/commits.ts";
import { findCovered } from "../queries/policy.ts";
import type { Policy, SetPolicy } from "../schema/index.ts";
import { settleCommit } from "./settle.ts";

const overtaken = () => new AppError("conflict", "Somebody else changed this gate meanwhile. Nothing was saved; reload and try again.");

/** Refuses globs that cannot be matched and addresses without the places that are filled in. */
function assertUsable(input: SetPolicy): void {
  for (const { glob } of input.gate.floors) compilePattern(globPattern(glob));
  if (input.sourceUrl && !(input.sourceUrl.includes("{path}") || input.sourceUrl.includes("%7Bpath%7D"))) {
    throw new AppError("invalid", "The address of sources must contain {path}.", { detail: { fields: { sourceUrl: "Must contain {path}" } } });
  }
}

/** What the audit trail keeps of a policy; who and when stand beside it. */
const recorded = (policy: Policy) => ({ ...policy, updatedAt: undefined, updatedBy: undefined });

/** Writes the policy and judges the newest commit of the default branch by it. Throws `conflict` when somebody was faster. */
export async function setPolicy(ctx: Context, input: SetPolicy): Promise<Policy> {
  assertUsable(input);
  const { service: id, revision, gate, ...fields } = input;
  return inTransaction(ctx, async (tx) => {
    const { service, policy: before } = await findCovered(tx, id);
    const data = { ...fields, gate: gate as unknown as Prisma.InputJsonValue, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    const { count } =
      revision === 0
        ? await tx.db.coveragePolicy.createMany({ data: [{ ...data, serviceId: service.id }], skipDuplicates: true })
        : await tx.db.coveragePolicy.updateMany({ where: { serviceId: service.id, revision }, data: { ...data, revision: { increment: 1 } } });
    if (count === 0) throw overtaken();
    const { policy } = await findCovered(tx, service.id);
    const latest = await latestCommit(tx, service.id, policy.defaultBranch);
    if (latest?.pages) await settleCommit(tx, latest, { policy });
    await audit(tx, { action: "coverage.setPolicy", target: { kind: "service", id: service.id }, summary: `Changed the coverage gate of ${service.name}`, before: recorded(before), after: recorded(policy) });
    await announce(tx, { topic: "coverage", id: service.id });
    return policy;
  });
}
