/**
 * One console per data folder. `running.json` names the process that has it, where it answers and which processes it
 * started. It appears in one step, so of two launchers at once exactly one wins and the other learns who. A record of
 * a process that is gone is taken over, and what that process left running is ended first.
 */
import fs from "node:fs";
import path from "node:path";
import * as z from "zod";
import { isAlive, startTimeOf, until } from "../platform/embedded/live-process.ts";
import { ensurePrivateDir, writePrivateFile } from "../platform/secrets.ts";

/** Orphans end by themselves when they lose their parent; this is how long they may take to finish requests and jobs. */
const ORPHAN_GRACE_MS = 2_000;
const KILL_WAIT_MS = 2_000;
/** A takeover takes milliseconds; an older mark was left by a launcher that was killed in the middle of one. */
const TAKEOVER_MAX_MS = 5_000;

const Process = z.object({ role: z.string(), pid: z.number().int(), startTime: z.string().nullable() });
const InstanceRecord = Process.extend({ address: z.string(), children: z.array(Process) });
type Process = z.infer<typeof Process>;
export type InstanceRecord = z.infer<typeof InstanceRecord>;

export type Instance = {
  /** Keeps which processes run now, for whoever has to clean up after us. */
  recordChildren: (children: { role: string; pid: number }[]) => void;
  release: () => void;
};

const fileIn = (dataDir: string) => path.join(dataDir, "running.json");
const processOf = (role: string, pid: number): Process => ({ role, pid, startTime: startTimeOf(pid) });
const stillRuns = (one: Process) => isAlive(one.pid) && startTimeOf(one.pid) === one.startTime;

function readRecord(file: string): InstanceRecord | null {
  if (!fs.existsSync(file)) return null;
  return InstanceRecord.parse(JSON.parse(fs.readFileSync(file, "utf8")));
}

/** The console that runs over a data folder, or null. */
export function findInstance(dataDir: string): InstanceRecord | null {
  const record = readRecord(fileIn(dataDir));
  return record && stillRuns(record) ? record : null;
}

function createOnce(file: string, record: InstanceRecord): boolean {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** Removes a dead owner's record. Only one launcher at a time may, or the second would remove the first one's new record. */
function clearDead(file: string): InstanceRecord | null {
  const mark = `${file}.takeover`;
  const age = Date.now() - (fs.statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > TAKEOVER_MAX_MS) fs.rmSync(mark, { recursive: true, force: true });
  try {
    fs.mkdirSync(mark);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return null;
  }
  try {
    const record = readRecord(file);
    if (!record || stillRuns(record)) return null;
    fs.rmSync(file);
    return record;
  } finally {
    fs.rmdirSync(mark);
  }
}

async function endProcesses(left: Process[]): Promise<void> {
  const alive = () => left.filter(stillRuns);
  for (const one of alive()) process.kill(one.pid, "SIGTERM");
  if (await until(() => alive().length === 0, ORPHAN_GRACE_MS)) return;
  for (const one of alive()) process.kill(one.pid, "SIGKILL");
  await until(() => alive().length === 0, KILL_WAIT_MS);
}

/** Takes the data folder, or returns the record of who has it. */
export async function takeInstance(dataDir: string, address: string): Promise<Instance | { takenBy: InstanceRecord }> {
  const file = fileIn(ensurePrivateDir(dataDir));
  const own: InstanceRecord = { ...processOf("main", process.pid), address, children: [] };
  while (!createOnce(file, own)) {
    const takenBy = findInstance(dataDir);
    if (takenBy) return { takenBy };
    const dead = clearDead(file);
    await endProcesses(dead?.children ?? []);
  }
  return {
    recordChildren: (children) => {
      const record = { ...own, children: children.map(({ role, pid }) => processOf(role, pid)) };
      writePrivateFile(file, JSON.stringify(record));
    },
    release: () => fs.rmSync(file, { force: true }),
  };
}
