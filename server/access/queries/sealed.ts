import type { Context } from "../../platform/context.ts";
import { keyIdOf } from "../../platform/crypto.ts";
import { listArchives, sealOfArchive } from "../audit-files.ts";

/** How many second factors and archives of the audit trail need each key, by key id. */
export async function countAccessByKey(ctx: Context, input: { dataDir: string }): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const add = (sealed: string | null) => {
    const id = sealed === null ? null : keyIdOf(sealed);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const { secret } of await ctx.db.secondFactor.findMany({ select: { secret: true } })) add(secret);
  for (const file of await listArchives(input.dataDir)) add(await sealOfArchive(file));
  return counts;
}
