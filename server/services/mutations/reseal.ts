import { audit } from "../../platform/audit.ts";
import type { Context } from "../../platform/context.ts";
import { isOutdated } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";
import { inTransaction, type Prisma } from "../../platform/db.ts";
import type { CheckConfig } from "../check-config.ts";
import { openConfig, sealConfig, sealedParts } from "../check-secrets.ts";
import { listSealedChecks } from "../queries/sealed.ts";

/** Seals one check again under its row's lock, so that an edit at the same time is neither lost nor undone. */
async function resealOne(ctx: Context, id: string): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const [row] = await tx.db.$queryRaw<{ config: CheckConfig }[]>`SELECT config FROM service_check WHERE id = ${id} FOR UPDATE`;
    if (!row || !sealedParts(row.config).some(isOutdated)) return false;
    const config = sealConfig(openConfig(row.config)) as unknown as Prisma.InputJsonValue;
    await tx.db.$executeRaw`UPDATE service_check SET config = ${JSON.stringify(config)}::jsonb WHERE id = ${id}`;
    return true;
  });
}

/** A value that was damaged keeps its key in use and must not keep the others from being sealed. */
async function resealUnlessDamaged(ctx: Context, id: string): Promise<boolean> {
  try {
    return await resealOne(ctx, id);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.error({ err: error, checkId: id }, "the secret of a check cannot be opened and was not sealed again");
    return false;
  }
}

/** Seals every check's secrets with the keyring's current key, row by row while everything runs. Returns how many were. Idempotent. */
export async function resealChecks(ctx: Context): Promise<number> {
  let sealed = 0;
  for (let rows = await listSealedChecks(ctx, ""); rows.length > 0; rows = await listSealedChecks(ctx, rows.at(-1)?.id ?? "")) {
    for (const { id } of rows.filter((row) => sealedParts(row.config).some(isOutdated))) {
      ctx.signal?.throwIfAborted();
      if (await resealUnlessDamaged(ctx, id)) sealed += 1;
    }
  }
  if (sealed > 0) await audit(ctx, { action: "services.reseal", target: { kind: "keyring", id: "current" }, summary: `Sealed the secrets of ${plural(sealed)} with the current key` });
  return sealed;
}

const plural = (checks: number) => (checks === 1 ? "one check" : `${checks} checks`);
