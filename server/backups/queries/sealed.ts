/** What of backups needs which key of the key ring: a key that anything here needs must not be retired. */
import type { Context } from "../../platform/context.ts";
import { keyIdOf } from "../../platform/crypto.ts";
import { sealedIn } from "../secrets.ts";

/** `settings`: stores, plans and restores under way with secrets sealed by the key. `archives`: backups in stores that it opens. */
type BackupKeyUse = { settings: number; archives: number };

/** Sealed values of every store and plan, archived ones too, and of restores: a restore that ended may still hold its address. */
async function readSealed(ctx: Context): Promise<unknown[]> {
  const [stores, plans, restores] = await Promise.all([
    ctx.db.backupStore.findMany({ select: { config: true } }),
    ctx.db.backupPlan.findMany({ select: { source: true, hooks: true, drillServer: true } }),
    ctx.db.$queryRaw<{ target: unknown }[]>`SELECT target FROM backup_restore WHERE target::text LIKE '%sw1:%'`,
  ]);
  return [...stores, ...plans, ...restores];
}

/** How much of backups needs each key, by key id. Unencrypted archives count too: the key signs their manifests. */
export async function countBackupsByKey(ctx: Context): Promise<Map<string, BackupKeyUse>> {
  const counts = new Map<string, BackupKeyUse>();
  const add = (id: string, more: Partial<BackupKeyUse>) => {
    const { settings, archives } = counts.get(id) ?? { settings: 0, archives: 0 };
    counts.set(id, { settings: settings + (more.settings ?? 0), archives: archives + (more.archives ?? 0) });
  };
  for (const row of await readSealed(ctx)) for (const id of new Set(sealedIn(row).flatMap((sealed) => keyIdOf(sealed) ?? []))) add(id, { settings: 1 });
  const archives = await ctx.db.$queryRaw<{ id: string; archives: number }[]>`
    SELECT r.key_id AS id, count(*)::int AS archives FROM backup_run r
    WHERE r.key_id IS NOT NULL AND EXISTS (SELECT 1 FROM backup_copy c WHERE c.run_id = r.id AND c.state IN ('stored', 'lost', 'deleting')) GROUP BY 1`;
  for (const row of archives) add(row.id, { archives: row.archives });
  return counts;
}

/** Runs under way that began before `at`. A run uses the key that was current when it began, and says which only at its end. */
export async function countRunsBegunBefore(ctx: Context, at: Date): Promise<number> {
  return ctx.db.backupRun.count({ where: { state: "running", startedAt: { lt: at } } });
}
