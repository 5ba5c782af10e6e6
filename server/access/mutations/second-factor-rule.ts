import { audit } from "../../platform/audit.ts";
import { SECOND_FACTOR_KEY } from "../../platform/auth/second-factor-rule.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { inTransaction } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";
import { announce } from "../../platform/live/announce.ts";
import { refuseKeys } from "../caller.ts";
import { getSecondFactorRule } from "../queries/index.ts";
import type { RequireSecondFactor, SecondFactorRule } from "../schema.ts";

const WORDS = { nobody: "nobody", admins: "administrators", everybody: "everybody" } as const;

/**
 * Says who must have a second factor, from everybody's next request on. Nobody is locked out: whoever has none is led to
 * set one up with the password they signed in with. Throws `conflict` when it is so already, `forbidden` for keys.
 */
export async function requireSecondFactor(ctx: Context, { neededBy }: RequireSecondFactor): Promise<SecondFactorRule> {
  refuseKeys(ctx);
  return inTransaction(ctx, async (tx) => {
    const stamp = { value: neededBy, updatedAt: tx.now(), updatedBy: actorLabel(tx.actor) };
    const before = await getSecondFactorRule(tx);
    await tx.db.setting.createMany({ data: { key: SECOND_FACTOR_KEY, ...stamp, value: "nobody" }, skipDuplicates: true });
    const { count } = await tx.db.setting.updateMany({ where: { key: SECOND_FACTOR_KEY, NOT: { value: { equals: neededBy } } }, data: stamp });
    if (count === 0) throw new AppError("conflict", `A second factor is needed by ${WORDS[neededBy]} already.`);
    const after = await getSecondFactorRule(tx);
    await audit(tx, {
      action: "access.requireSecondFactor",
      target: { kind: "console", id: SECOND_FACTOR_KEY },
      summary: `A second factor is needed by ${WORDS[neededBy]} (was ${WORDS[before.neededBy]})`,
      before: { neededBy: before.neededBy },
      after: { neededBy },
    });
    await announce(tx, { topic: "access" });
    return after;
  });
}
