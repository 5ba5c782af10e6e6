/**
 * The snapshot on disk, so that a web process that starts during an outage can answer too: one file in the data folder,
 * mode 0600, replaced in one step. A disk that is full or read-only costs nothing but the file; it is logged once.
 */
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { Logger } from "../logger.ts";
import { ensurePrivateDir } from "../secrets.ts";
import type { RecentCallers } from "./callers.ts";
import type { LastKnown } from "./last-known.ts";

const PRIVATE_FILE = 0o600;
/** Raised when the content changes its shape; files of another version are ignored. */
const VERSION = 1;
/** More than the answers' own limit, so a larger file is not ours. */
const MAX_FILE_BYTES = 32 * 1_024 * 1_024;

const Content = z.object({ version: z.literal(VERSION), callers: z.array(z.unknown()), answers: z.array(z.string()) });

export type Snapshot = { answers: LastKnown; callers: RecentCallers };

export type SnapshotFile = {
  /** Reads the file if there is a usable one. Never rejects. */
  load: () => Promise<void>;
  /** Writes what is known now. Never rejects; true when it is on disk. */
  save: () => Promise<boolean>;
};

export const snapshotPath = (dataDir: string): string => path.join(dataDir, "last-known.json");

export function openSnapshotFile(options: { file: string; snapshot: Snapshot; log: Logger }): SnapshotFile {
  const { file, snapshot, log } = options;
  let isFailing = false;

  const contentOf = async () => {
    const answers = await Array.fromAsync(snapshot.answers.texts());
    return JSON.stringify({ version: VERSION, callers: snapshot.callers.entries(), answers });
  };
  const write = async () => {
    const next = `${file}.${randomBytes(4).toString("hex")}`;
    ensurePrivateDir(path.dirname(file));
    try {
      await fs.writeFile(next, await contentOf(), { mode: PRIVATE_FILE, flag: "wx" });
      await fs.rename(next, file);
    } catch (error) {
      await fs.rm(next, { force: true }).catch(() => undefined);
      throw error;
    }
  };
  return {
    load: async () => {
      try {
        const facts = await fs.stat(file).catch(() => null);
        if (!facts || facts.size > MAX_FILE_BYTES) return;
        const { callers, answers } = Content.parse(JSON.parse(await fs.readFile(file, "utf8")));
        snapshot.answers.restore(answers);
        snapshot.callers.restore(callers);
      } catch (error) {
        log.warn({ reason: (error as Error).name }, "the file with last known facts cannot be read, it is replaced with the next one");
      }
    },
    save: async () => {
      try {
        await write();
        if (isFailing) log.info("last known facts are written again");
        isFailing = false;
        return true;
      } catch (error) {
        if (!isFailing) log.warn({ err: error }, "last known facts cannot be written to disk; they are kept in memory only until they can");
        isFailing = true;
        return false;
      }
    },
  };
}
