/**
 * A PostgreSQL for a moment: a cluster of its own in a new private folder, never the console's, gone afterwards. For
 * tests and benches. It writes nothing through to the disk; it would not survive a power cut and need not.
 */
import fs from "node:fs/promises";
import path from "node:path";
import { startEmbedded } from "../embedded/cluster.ts";
import { stopPostmaster } from "../embedded/postmaster.ts";

const PREFIX = "cluster-";
const PRIVATE_DIR = 0o700;

export type ScratchCluster = {
  /** Connection URL of a superuser. It holds the password: never log it. */
  url: string;
  dataDir: string;
  /** Stops the server and removes everything. */
  destroy: () => Promise<void>;
};

async function remove(dataDir: string): Promise<void> {
  await stopPostmaster(path.join(dataDir, "postgres"));
  await fs.rm(dataDir, { recursive: true, force: true });
}

/** Starts one below `parent`. Throws AppError `unavailable` where npm has no PostgreSQL for the system. */
export async function startScratchCluster(parent: string): Promise<ScratchCluster> {
  await fs.mkdir(parent, { recursive: true, mode: PRIVATE_DIR });
  const dataDir = await fs.mkdtemp(path.join(parent, PREFIX));
  try {
    const embedded = await startEmbedded({ dataDir, isThrowAway: true });
    return { url: embedded.url, dataDir, destroy: () => remove(dataDir) };
  } catch (error) {
    await remove(dataDir);
    throw error;
  }
}
