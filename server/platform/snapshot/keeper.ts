/**
 * Ties together what a web process needs to bend: the pulse of its database, the last known facts in memory and on
 * disk, and who was signed in a moment ago. One set per process, on globalThis, because the framework's bundle asks too.
 */
import { SECOND_MS, systemClock } from "../clock.ts";
import { cutConnections, startPulse, type PulseOptions } from "../breaker/pulse.ts";
import type { Database } from "../db.ts";
import type { Logger } from "../logger.ts";
import type { RunningLoop } from "../loops.ts";
import { RecentCallers } from "./callers.ts";
import { openSnapshotFile, snapshotPath, type Snapshot } from "./file.ts";
import { LastKnown } from "./last-known.ts";

/** How often what changed goes to disk; a crash loses at most this much of the facts' age. */
const SAVE_MS = 10 * SECOND_MS;
/** Beats (seconds) between two questions about everybody who is signed in. */
const VOUCH_EVERY = 10;

/** Open pages hear of it, whichever bundle serves them. */
type Pages = { tellEverything: () => void };

const holder = globalThis as { seaworthySnapshot?: Snapshot; seaworthyLive?: Pages };

/** What this process remembers. */
export function snapshot(): Snapshot {
  holder.seaworthySnapshot ??= { answers: new LastKnown(), callers: new RecentCallers() };
  return holder.seaworthySnapshot;
}

export type KeeperOptions = { database: Database; dataDir: string; log: Logger; listen?: PulseOptions["listen"] };

/** Reads the snapshot from disk, then watches the database and keeps the snapshot until stopped. */
export async function startKeeper(options: KeeperOptions): Promise<RunningLoop> {
  const { database, dataDir, log, listen } = options;
  const known = snapshot();
  const file = openSnapshotFile({ file: snapshotPath(dataDir), snapshot: known, log });
  await file.load();
  const vouch = () => known.callers.vouch(database.client, systemClock()).catch((error: unknown) => log.debug({ err: error }, "sessions could not be asked about"));
  const pulse = startPulse({
    connection: database.pool.options,
    log,
    cut: () => cutConnections(database.pool),
    onChange: () => holder.seaworthyLive?.tellEverything(),
    onBeat: (beats) => void (beats % VOUCH_EVERY === 0 && vouch()),
    listen,
  });
  let saving: Promise<boolean> | null = null;
  const save = () => {
    if (saving || !known.answers.isChanged) return;
    saving = file.save().finally(() => (saving = null));
  };
  const timer = setInterval(save, SAVE_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await pulse.stop();
      await saving;
      if (known.answers.isChanged) await file.save();
    },
  };
}
