/** Damages what lies in a local store, as disks and people do. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Context } from "../../platform/context.ts";
import type { StoreConfig } from "../schema/store-config.ts";

type Copy = { storeId: string; runId: string };

/** The path of a copy's archive. */
export async function archivePath(db: Context["db"], copy: Copy): Promise<string> {
  const row = await db.backupCopy.findUniqueOrThrow({ where: { runId_storeId: copy }, include: { store: true } });
  const config = row.store.config as StoreConfig;
  return path.join(config.kind === "local" ? config.folder : "", row.archiveName ?? "");
}

/** Flips one bit in the middle of an archive. */
export async function flipByte(db: Context["db"], copy: Copy): Promise<void> {
  const file = await archivePath(db, copy);
  const bytes = await readFile(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
