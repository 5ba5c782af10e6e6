import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createLogger } from "../logger.ts";
import { asActor } from "../testing/context.ts";
import { CALLER_TTL_MS, RecentCallers, type SignedIn } from "./callers.ts";
import { openSnapshotFile, snapshotPath } from "./file.ts";
import { keyOf, LastKnown } from "./last-known.ts";

const at = new Date("2027-01-15T07:03:40Z");
const dir = mkdtempSync(path.join(os.tmpdir(), "sw-last-known-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const texts = (known: LastKnown) => Array.fromAsync(known.texts());

describe("answers", () => {
  test("are named by procedure, audience and input, in whatever order its fields come", () => {
    expect(keyOf("services.list", "viewer", { b: 1, a: { d: [2], c: null } })).toBe(keyOf("services.list", "viewer", { a: { c: null, d: [2] }, b: 1 }));
    const different = [keyOf("a.b", "viewer", {}), keyOf("a.b", "admin", {}), keyOf("a.c", "viewer", {}), keyOf("a.b", "viewer", { x: 1 })];
    expect(new Set(different).size).toBe(4);
    expect(keyOf("a.b", "viewer", undefined)).toBe(keyOf("a.b", "viewer", {}));
  });

  test("are at most 200, the latest", () => {
    const known = new LastKnown();
    for (let n = 0; n < 500; n++) known.remember(`k${n}`, { n }, at);
    expect([known.size, known.find("k299"), known.find("k300")?.data]).toEqual([200, undefined, { n: 300 }]);
  });

  test("come back from text with dates and all, and never replace newer ones", async () => {
    const known = new LastKnown();
    known.remember("a", { at, list: [1n] }, at);
    known.remember("b", { old: true }, at);
    const other = new LastKnown();
    other.remember("b", { old: false }, at);
    other.restore(await texts(known));
    expect(other.find("a")).toEqual({ key: "a", at, data: { at, list: [1n] } });
    expect(other.find("b")?.data).toEqual({ old: false });
  });

  test("take at most 4 MiB on disk, newest first, none above 512 KiB", async () => {
    const known = new LastKnown();
    known.remember("huge", { text: "x".repeat(600_000) }, at);
    for (let n = 0; n < 30; n++) known.remember(`k${n}`, { text: "x".repeat(400_000) }, at);
    const written = await texts(known);
    expect(written.length).toBe(10);
    expect(written[0]).toContain('"k29"');
    expect(known.isChanged).toBe(false);
  });
});

describe("callers", () => {
  const maya = asActor("admin") as SignedIn;
  const later = (ms: number) => new Date(at.getTime() + ms);

  test("count for ten minutes after the database's word, and not before it", () => {
    const callers = new RecentCallers();
    callers.remember(maya, at);
    expect(callers.find(maya.sessionId, later(CALLER_TTL_MS))).toEqual(maya);
    expect(callers.find(maya.sessionId, later(CALLER_TTL_MS + 1))).toBeNull();
    expect(callers.find(maya.sessionId, later(-1)), "the clock was set back").toBeNull();
    expect(callers.find("ses_other", at)).toBeNull();
    callers.forget(maya.sessionId);
    expect(callers.find(maya.sessionId, at)).toBeNull();
  });

  test("go to disk without the session's id, and come back as they were", () => {
    const callers = new RecentCallers();
    callers.remember(maya, at);
    const text = JSON.stringify(callers.entries());
    expect(text).not.toContain(maya.sessionId);
    const other = new RecentCallers();
    other.restore([...(JSON.parse(text) as unknown[]), "nonsense", ["x", { actor: { kind: "user", role: "root" } }]]);
    expect(other.find(maya.sessionId, at)).toEqual(maya);
    expect(other.size).toBe(1);
  });

  test("are at most a thousand", () => {
    const callers = new RecentCallers();
    for (let n = 0; n < 1_200; n++) callers.remember({ ...maya, sessionId: `ses_${n}` }, at);
    expect([callers.size, callers.find("ses_0", at)]).toEqual([1_000, null]);
  });
});

describe("the file", () => {
  const lines: string[] = [];
  const log = createLogger({ level: "info", write: (line) => lines.push(line) });
  const filled = () => {
    const answers = new LastKnown();
    answers.remember("a", { text: "x".repeat(100_000) }, at);
    return { answers, callers: new RecentCallers() };
  };

  test("is private and replaced in one step", async () => {
    const file = snapshotPath(path.join(dir, "fresh"));
    const one = openSnapshotFile({ file, snapshot: filled(), log });
    expect([await one.save(), await one.save()]).toEqual([true, true]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(["last-known.json"]);
  });

  test.each(["", "{", "[]", '{"version":2,"callers":[],"answers":[]}', '{"version":1,"callers":[],"answers":["{"]}', "\u0000\u0001"])("that holds %j is ignored", async (content) => {
    const file = path.join(dir, "broken.json");
    writeFileSync(file, content);
    const snapshot = { answers: new LastKnown(), callers: new RecentCallers() };
    await openSnapshotFile({ file, snapshot, log }).load();
    expect(snapshot.answers.size).toBe(0);
  });

  test("that cannot be written costs nothing and is told once, then when it works again", async () => {
    const blocked = path.join(dir, "blocked");
    writeFileSync(blocked, "a file where the folder should be");
    const one = openSnapshotFile({ file: snapshotPath(blocked), snapshot: filled(), log });
    lines.length = 0;
    expect([await one.save(), await one.save(), await one.save()]).toEqual([false, false, false]);
    expect(lines).toHaveLength(1);
    rmSync(blocked);
    expect(await one.save()).toBe(true);
    expect(lines[1]).toContain("written again");
  });

  test("on a full disk leaves nothing half-written, and the older file as it was", async () => {
    const small = mkdtempSync(path.join(dir, "small-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=160k", "tmpfs", small], { stdio: "ignore" });
    } catch {
      return; // Only root may mount; elsewhere the test above stands for every failure.
    }
    try {
      const file = snapshotPath(small);
      const snapshot = filled();
      const one = openSnapshotFile({ file, snapshot, log });
      expect(await one.save()).toBe(true);
      const before = statSync(file).size;
      snapshot.answers.remember("b", { text: "y".repeat(150_000) }, at);
      expect(await one.save()).toBe(false);
      expect([readdirSync(small), statSync(file).size]).toEqual([["last-known.json"], before]);
      expect(existsSync(file)).toBe(true);
    } finally {
      execFileSync("umount", [small]);
    }
  });
});
