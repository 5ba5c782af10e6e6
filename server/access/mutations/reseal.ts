import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { isOutdated, open, seal } from "../../platform/crypto.ts";
import { listArchives, resealArchive, sealOfArchive } from "../audit-files.ts";
import { secretPurpose } from "./second-factor.ts";

async function resealFactors(ctx: Context): Promise<number> {
  let sealed = 0;
  const rows = await ctx.db.secondFactor.findMany({ select: { userId: true, secret: true } });
  for (const { userId, secret } of rows.filter((row) => isOutdated(row.secret))) {
    ctx.signal?.throwIfAborted();
    const again = seal(open(secret, secretPurpose(userId)), secretPurpose(userId));
    // Only what was read is replaced: a factor that was set up anew meanwhile has a newer seal.
    sealed += (await ctx.db.secondFactor.updateMany({ where: { userId, secret }, data: { secret: again } })).count;
  }
  return sealed;
}

async function resealArchives(dataDir: string): Promise<number> {
  let sealed = 0;
  for (const file of await listArchives(dataDir)) {
    const old = await sealOfArchive(file);
    if (old === null || !isOutdated(old)) continue;
    await resealArchive(file, old);
    sealed += 1;
  }
  return sealed;
}

/** Seals second factors and archives of the audit trail with the keyring's current key. Returns how many were. Idempotent. */
export async function resealAccess(ctx: Context, input: { dataDir: string }): Promise<number> {
  const [factors, archives] = [await resealFactors(ctx), await resealArchives(input.dataDir)];
  if (factors + archives > 0) {
    await audit(ctx, { action: "access.reseal", target: { kind: "keyring", id: "current" }, summary: `Sealed second factors (${factors}) and archives of the audit trail (${archives}) with the current key` });
  }
  return factors + archives;
}
