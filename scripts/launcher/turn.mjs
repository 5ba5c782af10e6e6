/** One launcher at a time may install and build in a folder; the others wait for it and then find everything done. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ROOT } from "./run.mjs";
import { say } from "./steps.mjs";

const POLL_MS = 200;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Takes the turn, or returns the process id that has it. */
function take(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
    return null;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const owner = Number(fs.readFileSync(file, "utf8")) || null;
    if (owner && isAlive(owner)) return owner;
    // Left by a killed launcher. Whoever removes it first takes part in the next round like everybody else.
    fs.rmSync(file, { force: true });
    return take(file);
  }
}

/** Runs `work` while no other launcher of this folder runs its own. */
export async function inTurn(work) {
  const name = createHash("sha256").update(ROOT).digest("hex").slice(0, 16);
  const file = path.join(os.tmpdir(), `seaworthy-${os.userInfo().uid}-${name}.lock`);
  let owner = take(file);
  if (owner !== null) say(`  · Another launcher (process ${owner}) is preparing this folder; waiting for it.`);
  while (owner !== null) {
    await wait(POLL_MS);
    owner = take(file);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}
