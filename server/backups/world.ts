/** What backups need of this process: opened stores, the keys, the source of a plan, a place for working files. */
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { BackupStore } from "../../prisma/generated/client.ts";
import { config } from "../platform/config.ts";
import type { Context } from "../platform/context.ts";
import { parseKeyring } from "../platform/crypto.ts";
import { AppError } from "../platform/errors.ts";
import type { Source } from "./engines/source.ts";
import { backupKeys, type BackupKeys } from "./keys/backup-keys.ts";
import type { PlanSource } from "./schema/plan-source.ts";
import type { StoreConfig } from "./schema/store-config.ts";
import { openDrillServer, openSource, openStoreConfig } from "./secrets.ts";
import type { Store } from "./stores/store.ts";

const SCRATCH_MODE = 0o711;

/** Opens a store from its row. The libraries of stores are loaded on first use. */
export async function storeOf(ctx: Context, row: Pick<BackupStore, "config">): Promise<Store> {
  return storeFrom(ctx, openStoreConfig(row.config as StoreConfig));
}

/** Opens a store from settings as they were entered. */
export async function storeFrom(ctx: Context, settings: StoreConfig): Promise<Store> {
  const { openStore } = await import("./stores/open.ts");
  return openStore(settings, { http: ctx.http, now: ctx.now });
}

/** The keys of backups, from the key ring file as it is now. */
export async function readKeys(): Promise<BackupKeys> {
  return backupKeys(parseKeyring(await readFile(config().SEAWORTHY_KEYRING_FILE, "utf8")));
}

/** A plan's source as engines take it. The operator chose the console's own database, users chose everything else. */
export function sourceFrom(source: PlanSource): Source {
  switch (source.kind) {
    case "self":
      return { kind: "postgres", url: config().DATABASE_URL, reach: "direct" };
    case "postgres":
      return { kind: "postgres", url: source.url, reach: "guarded" };
    case "folder":
      return source;
    case "bucket":
      return { kind: "bucket", bucket: source.bucket };
    default:
      return source satisfies never;
  }
}

/** The stored source of a plan, opened. Throws AppError `precondition` for a plan that has none. */
export function sourceOf(plan: { source: unknown; name: string }): Source {
  if (plan.source === null) throw new AppError("precondition", `${plan.name} was found in a store and has no source. Edit it and say what to back up.`);
  return sourceFrom(openSource(plan.source as PlanSource));
}

/** The address of the server on which a plan's drills restore, opened; null for a throw-away one. */
export const drillServerOf = (plan: { drillServer: string | null }): string | null => (plan.drillServer === null ? null : openDrillServer(plan.drillServer));

/** The folder for working files of runs, drills and restores; private folders are made under it. */
export async function scratchParent(): Promise<string> {
  const folder = path.join(path.resolve(config().SEAWORTHY_DATA_DIR), "scratch");
  await mkdir(folder, { recursive: true, mode: SCRATCH_MODE });
  return folder;
}

/** Where the console keeps its own backups when nobody said otherwise. */
export const ownStoreFolder = (): string => path.join(path.resolve(config().SEAWORTHY_DATA_DIR), "backups");
