/**
 * The running server of a cluster folder, as PostgreSQL itself records it in postmaster.pid: line 1 the process id, line
 * 4 the port, line 8 the state. The file survives a killed server, so it is believed only while that process lives and
 * works in the folder.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { AppError } from "../errors.ts";
import { binary } from "./binaries.ts";
import { isAlive, until, workingDirOf } from "./live-process.ts";

/** Time for open transactions to be rolled back and a checkpoint to be written. */
const FAST_STOP_MS = 30_000;
/** An immediate stop writes nothing; the next start recovers. */
const IMMEDIATE_STOP_MS = 5_000;

export type Postmaster = { pid: number; port: number; isReady: boolean };

const pidFile = (cluster: string) => path.join(cluster, "postmaster.pid");

function readPidFile(cluster: string): Postmaster | null {
  if (!fs.existsSync(pidFile(cluster))) return null;
  const lines = fs.readFileSync(pidFile(cluster), "utf8").split("\n");
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === "ready" } : null;
}

function worksIn(pid: number, cluster: string): boolean {
  const dir = workingDirOf(pid);
  return dir === null || dir === fs.realpathSync(cluster);
}

/** The live server of a cluster folder, or null. */
export function findPostmaster(cluster: string): Postmaster | null {
  const found = readPidFile(cluster);
  return found && isAlive(found.pid) && worksIn(found.pid, cluster) ? found : null;
}

/**
 * Removes the file that a killed server left when its process id now belongs to another program; PostgreSQL would
 * refuse to start. With the id unused it copes by itself.
 */
export function clearStalePidFile(cluster: string): void {
  const left = readPidFile(cluster);
  if (left && isAlive(left.pid) && !worksIn(left.pid, cluster)) fs.rmSync(pidFile(cluster), { force: true });
}

/** Stops the server of a cluster folder: fast (transactions are rolled back), immediately when that takes too long. */
export async function stopPostmaster(cluster: string): Promise<void> {
  const running = findPostmaster(cluster);
  if (!running) return;
  const isGone = () => findPostmaster(cluster)?.pid !== running.pid;
  if (process.platform === "win32") {
    spawnSync(binary("pg_ctl"), ["stop", "-D", cluster, "-m", "fast"], { stdio: "ignore" });
  } else {
    process.kill(running.pid, "SIGINT");
    if (await until(isGone, FAST_STOP_MS)) return;
    process.kill(running.pid, "SIGQUIT");
  }
  if (!(await until(isGone, IMMEDIATE_STOP_MS))) {
    throw new AppError("unavailable", `The embedded PostgreSQL (process ${running.pid}) does not stop. Its data is safe; end the process by hand.`);
  }
}
