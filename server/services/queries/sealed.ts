import type { Context } from "../../platform/context.ts";
import { isOutdated, keyIdOf } from "../../platform/crypto.ts";
import type { CheckConfig } from "../check-config.ts";
import { sealedParts } from "../check-secrets.ts";

/** Rows read at once; a configuration has some kilobytes at most. */
export const SEALED_BATCH = 200;

type Row = { id: string; config: CheckConfig };

/** Checks after `after` in the order of their ids whose configuration has sealed values, at most SEALED_BATCH. */
export async function listSealedChecks(ctx: Context, after: string): Promise<Row[]> {
  return ctx.db.$queryRaw<Row[]>`
    SELECT id, config FROM service_check WHERE id > ${after} AND config::text LIKE '%sw1:%' ORDER BY id LIMIT ${SEALED_BATCH}`;
}

/** How many checks need each key, by key id; removed ones count too. */
export async function countChecksByKey(ctx: Context): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let rows = await listSealedChecks(ctx, ""); rows.length > 0; rows = await listSealedChecks(ctx, rows.at(-1)?.id ?? "")) {
    for (const { config } of rows) {
      const ids = new Set(sealedParts(config).map(keyIdOf).filter((id) => id !== null));
      for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

/** How many checks are not yet sealed with the keyring's current key. */
export async function countOutdatedChecks(ctx: Context): Promise<number> {
  let count = 0;
  for (let rows = await listSealedChecks(ctx, ""); rows.length > 0; rows = await listSealedChecks(ctx, rows.at(-1)?.id ?? "")) {
    count += rows.filter(({ config }) => sealedParts(config).some(isOutdated)).length;
  }
  return count;
}
