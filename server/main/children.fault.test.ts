import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { environment } from "../platform/config.ts";
import { isAlive, until } from "../platform/embedded/live-process.ts";
import { EXIT_CONFIG, keepRunning, type Child } from "./children.ts";

let dir = "";
let child: Child | undefined;

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-children-"));
});
afterEach(() => {
  child?.kill();
  fs.rmSync(dir, { recursive: true, force: true });
});

function keep(source: string) {
  const file = path.join(dir, "role.mjs");
  fs.writeFileSync(file, source);
  const onGivenUp = vi.fn<(why: string) => void>();
  const pids: number[] = [];
  child = keepRunning({
    role: "worker",
    args: [file],
    env: environment(),
    onChange: () => {
      const pid = child?.pid();
      if (pid) pids.push(pid);
    },
    onGivenUp,
  });
  return { child, onGivenUp, pids };
}

const SERVES = "process.send({ type: 'ready' }); process.on('disconnect', () => process.exit(0)); setInterval(() => undefined, 1000);";

describe("a role's process", () => {
  test("is started again when it is killed", async () => {
    const { child: one, pids } = keep(SERVES);
    await one.ready;
    const first = one.pid() ?? 0;
    process.kill(first, "SIGKILL");
    await vi.waitFor(() => expect(pids.some((pid) => pid !== first)).toBe(true), { timeout: 5_000 });
    expect(one.pid()).not.toBe(first);
  });

  test("is given up after five quick deaths", async () => {
    const { onGivenUp } = keep("process.exit(3)");
    await vi.waitFor(() => expect(onGivenUp).toHaveBeenCalledOnce(), { timeout: 20_000 });
    expect(onGivenUp).toHaveBeenCalledWith("The worker process ended with code 3, 5 times in a row.");
  });

  test("is not tried again when its environment is unusable", async () => {
    const { onGivenUp, pids } = keep(`process.exit(${EXIT_CONFIG})`);
    await vi.waitFor(() => expect(onGivenUp).toHaveBeenCalledOnce(), { timeout: 5_000 });
    expect(pids.length).toBeLessThanOrEqual(1);
  });

  test("may finish its work when stopped, and is killed when it does not end", async () => {
    const patient = keep(`process.on('SIGTERM', () => setTimeout(() => process.exit(0), 300)); ${SERVES}`);
    await patient.child.ready;
    const pid = patient.child.pid() ?? 0;
    await patient.child.stop(10_000);
    expect([isAlive(pid), patient.onGivenUp.mock.calls.length]).toEqual([false, 0]);
    const deaf = keep(`process.on('SIGTERM', () => undefined); ${SERVES}`);
    await deaf.child.ready;
    const deafPid = deaf.child.pid() ?? 0;
    await deaf.child.stop(200);
    expect(isAlive(deafPid)).toBe(false);
  });

  test("ends when its launcher is killed with kill -9", async () => {
    const role = path.join(dir, "role.mjs");
    fs.writeFileSync(role, SERVES);
    const script = `import { keepRunning } from ${JSON.stringify(path.join(import.meta.dirname, "children.ts"))};
      const child = keepRunning({ role: "worker", args: [${JSON.stringify(role)}], env: process.env, onChange: () => undefined, onGivenUp: () => undefined });
      await child.ready; process.stdout.write(String(child.pid()));`;
    const launcher = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(launcher.stdout, "data")) as [Buffer];
    launcher.kill("SIGKILL");
    expect(await until(() => !isAlive(Number(text.toString())), 5_000)).toBe(true);
  });
});
