/** What tests of backups share: a network without walls on this machine, keys, and a backup in one line. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { createOutbound } from "../../platform/http/guarded.ts";
import type { TakeRequest, World } from "../archive/operations.ts";
import { takeBackup } from "../archive/take.ts";
import type { Source } from "../engines/source.ts";
import { backupKeys, type BackupKeys } from "../keys/backup-keys.ts";
import { openLocalStore } from "../stores/local.ts";
import type { Store } from "../stores/store.ts";

export const testWorld: World = { http: createOutbound({ allow: ["127.0.0.0/8"] }), now: () => new Date("2027-01-15T02:00:00Z") };

export const testKeys: BackupKeys = backupKeys({ current: "k1", keys: new Map([["k1", Buffer.alloc(32, 7)], ["k2", Buffer.alloc(32, 9)]]) });

/** A private folder that is gone after the file's tests. */
export function testFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-backups-"));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const localStore = (folder: string): Promise<Store> => openLocalStore({ kind: "local", folder });

let taken = 0;

/** Takes a backup with everything chosen that a test does not care about. */
export function takeOne(request: { source: Source; store: Store; scratch: string } & Partial<TakeRequest>, world: World = testWorld) {
  const { source, store, scratch, ...rest } = request;
  const kind = { postgres: "portable", folder: "folder", bucket: "objects" } as const;
  taken += 1;
  return takeBackup(
    {
      id: `bkp_test${String(taken).padStart(8, "0")}`,
      plan: { id: null, name: "orders" },
      trigger: "manual",
      source,
      sourceLabel: "a test",
      engine: { kind: kind[source.kind], reason: "The test asks for it." },
      stores: [{ id: "first", store }],
      keys: testKeys,
      cipher: "aes-256-gcm",
      settings: { hashFullUpToBytes: 100_000 },
      scratchParent: scratch,
      onProgress: () => undefined,
      ...rest,
    },
    world,
  );
}
