import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, startTimeOf } from "../platform/embedded/live-process.ts";
import { findInstance, takeInstance } from "./instance.ts";

let dir = "";
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-instance-"));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const ADDRESS = "http://127.0.0.1:3000";
/** More than any system hands out. */
const NO_PID = 2 ** 30;
const write = (record: object) => fs.writeFileSync(path.join(dir, "running.json"), JSON.stringify(record));

test("of many launchers at once exactly one gets the folder, the others learn who has it", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => takeInstance(dir, ADDRESS)));
  const refused = all.filter((one) => "takenBy" in one);
  expect(refused).toHaveLength(7);
  expect(refused[0]).toMatchObject({ takenBy: { pid: process.pid, address: ADDRESS } });
  expect(fs.readdirSync(dir)).toEqual(["running.json"]);
});

test("a released folder can be taken again", async () => {
  const first = await takeInstance(dir, ADDRESS);
  if ("takenBy" in first) throw new Error("the folder was empty");
  first.release();
  expect(findInstance(dir)).toBeNull();
  expect(await takeInstance(dir, ADDRESS)).not.toHaveProperty("takenBy");
});

test("after kill -9 the next launcher takes over and ends what was left running", async () => {
  const orphan = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)"], { stdio: "ignore" });
  const pid = orphan.pid ?? 0;
  write({ role: "main", pid: NO_PID, startTime: "1", address: ADDRESS, children: [{ role: "web", pid, startTime: startTimeOf(pid) }] });
  expect(await takeInstance(dir, ADDRESS)).not.toHaveProperty("takenBy");
  expect(isAlive(pid)).toBe(false);
});

test("a process that only has the same id is neither respected nor ended", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
  const pid = other.pid ?? 0;
  write({ role: "main", pid, startTime: "1", address: ADDRESS, children: [{ role: "web", pid, startTime: "1" }] });
  expect(await takeInstance(dir, ADDRESS)).not.toHaveProperty("takenBy");
  expect(isAlive(pid)).toBe(true);
  other.kill("SIGKILL");
});

test("a takeover that was killed in the middle does not block for ever", async () => {
  write({ role: "main", pid: NO_PID, startTime: "1", address: ADDRESS, children: [] });
  const mark = path.join(dir, "running.json.takeover");
  fs.mkdirSync(mark);
  fs.utimesSync(mark, new Date(0), new Date(0));
  expect(await takeInstance(dir, ADDRESS)).not.toHaveProperty("takenBy");
});
