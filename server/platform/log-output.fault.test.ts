/** A disk that is full, or a reader that has gone, ends no process. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { countingLosses } from "./log-output.ts";

const SCRIPT = path.join(import.meta.dirname, "testing/log-much.ts");

async function logTo(stdout: number | "pipe"): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ["ignore", stdout, "pipe"] });
  if (stdout === "pipe") child.stdout?.destroy();
  let said = "";
  child.stderr?.on("data", (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, said };
}

describe("a process that logs", () => {
  test("to a full disk lives on", async () => {
    expect(await logTo(openSync("/dev/full", "w"))).toEqual({ code: 0, said: "alive\n" });
  });

  test("to a reader that has gone lives on", async () => {
    expect(await logTo("pipe")).toEqual({ code: 0, said: "alive\n" });
  });

  test("to a file writes every line", async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "log-")), "out.log");
    expect((await logTo(openSync(file, "w"))).code).toBe(0);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(100);
  });
});

test("lines that were lost are counted and told when there is room again", () => {
  const written: string[] = [];
  let isFull = true;
  const write = countingLosses((line) => {
    if (isFull) throw new Error("ENOSPC");
    written.push(line);
  }, (lost) => `lost ${lost}`);
  write("a");
  write("b");
  isFull = false;
  write("c");
  write("d");
  expect(written).toEqual(["lost 2", "c", "d"]);
});
