/** The recovery kit: what a person needs, besides the bucket, to bring everything back on an empty machine. */
import { readFile } from "node:fs/promises";
import { audit } from "../../platform/audit.ts";
import { config, publicUrl } from "../../platform/config.ts";
import { actorLabel, type Context } from "../../platform/context.ts";
import { parseKeyring } from "../../platform/crypto.ts";
import { inTransaction } from "../../platform/db.ts";
import { announce } from "../../platform/live/announce.ts";
import { slugOf } from "../archive/names.ts";
import { recoveryKit } from "../keys/recovery-kit.ts";
import { OWN_PLAN_NAME } from "../source-words.ts";

/**
 * Hands out the key ring as a text to print or to keep apart from this machine, and notes that it was taken. Whoever holds it
 * and a store can read every backup, so the caller must be an administrator and the audit trail names who it was.
 */
export async function takeKit(ctx: Context): Promise<{ fileName: string; text: string }> {
  const ring = parseKeyring(await readFile(config().SEAWORTHY_KEYRING_FILE, "utf8"));
  const { current, keys } = ring;
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const stores = await tx.db.backupStore.findMany({ where: { archivedAt: null }, select: { name: true, label: true }, orderBy: { name: "asc" } });
    const own = await tx.db.backupPlan.findFirst({ where: { isSelf: true }, select: { name: true }, orderBy: { createdAt: "asc" } });
    const taken = { takenAt: now, takenBy: actorLabel(tx.actor) };
    await tx.db.backupKit.upsert({ where: { keyId: current }, create: { keyId: current, ...taken }, update: taken });
    await audit(tx, { action: "backups.takeKit", target: { kind: "keyring", id: current }, summary: `Took the recovery kit with ${keys.size === 1 ? "one key" : `${keys.size} keys`}` });
    await announce(tx, { topic: "backups" });
    return { fileName: `seaworthy-recovery-kit-${now.toISOString().slice(0, 10)}.txt`, text: recoveryKit(ring, { installation: publicUrl(), at: now, stores: stores.map(({ name, label }) => `${label} (${name})`), ownFolder: slugOf(own?.name ?? OWN_PLAN_NAME) }) };
  });
}
