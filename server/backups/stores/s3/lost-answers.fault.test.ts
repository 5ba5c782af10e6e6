/** Stores whose answers do not arrive: what was stored counts once, what belongs to others is not taken for ours, and what failed stays away. */
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startObjectStore, type ObjectStore } from "../../testing/object-store.ts";
import { testFolder, testWorld } from "../../testing/world.ts";
import type { Store } from "../store.ts";
import { openS3Store } from "./store.ts";

const folder = testFolder();
const limits = { timeoutMs: 2_000, retry: { attempts: 2, baseMs: 1, growth: "fixed" as const, capMs: 1, jitter: "none" as const } };
/** One part, and more than one. */
const SIZES = [10, 9_000_000];
let objects: ObjectStore;
let store: Store;

const from = (bytes: number | string) => Readable.from([typeof bytes === "string" ? Buffer.from(bytes) : Buffer.alloc(bytes, "x")]);

beforeAll(async () => {
  objects = await startObjectStore(path.join(folder, "s3"));
  store = await openS3Store(objects.config("store"), testWorld, { limits });
});
beforeEach(() => objects.judge(() => "pass"));
afterAll(() => objects.close());

/** The call that makes an object of this size appear. */
const isLast = (bytes: number, { method, query }: { method: string; query: string }) => (bytes < 1_000 ? method === "PUT" : method === "POST" && query.includes("uploadId"));

describe.each(SIZES)("an object of %i bytes", (bytes) => {
  test("whose answer is lost once is stored once", async () => {
    let lost = 0;
    objects.judge((call) => (isLast(bytes, call) && lost++ === 0 ? "lose" : "pass"));
    expect(await store.put(`once-${bytes}`, from(bytes))).toEqual({ bytes });
    expect(await store.stat(`once-${bytes}`)).toMatchObject({ bytes });
  });

  test("whose answer is lost every time is stored all the same, for the store has it", async () => {
    objects.judge((call) => (isLast(bytes, call) ? "lose" : "pass"));
    expect(await store.put(`each-${bytes}`, from(bytes))).toEqual({ bytes });
    objects.judge(() => "pass");
    expect(await store.stat(`each-${bytes}`)).toMatchObject({ bytes });
  });

  test("cancelled while the store takes it is not there a moment later either", async () => {
    const controller = new AbortController();
    objects.judge((call) => {
      if (isLast(bytes, call)) controller.abort(new Error("cancelled by the test"));
      return "pass";
    });
    await expect(store.put(`flying-${bytes}`, from(bytes), { signal: controller.signal })).rejects.toThrow("cancelled by the test");
    objects.judge(() => "pass");
    expect(await store.stat(`flying-${bytes}`)).toBeNull();
  });

  test("cancelled when the store had just taken it is removed again", async () => {
    const controller = new AbortController();
    objects.judge((call) => {
      if (call.method === "HEAD" && call.nth > 1) controller.abort(new Error("cancelled by the test"));
      return isLast(bytes, call) ? "lose" : "pass";
    });
    await expect(store.put(`late-${bytes}`, from(bytes), { signal: controller.signal })).rejects.toThrow(/cannot be used/);
    objects.judge(() => "pass");
    expect(await store.stat(`late-${bytes}`)).toBeNull();
  });

  test("whose fate cannot be asked is a failure that says so", async () => {
    objects.judge((call) => (isLast(bytes, call) || (call.method === "HEAD" && call.nth > 1) ? "lose" : "pass"));
    await expect(store.put(`unknown-${bytes}`, from(bytes))).rejects.toThrow(/Whether store\/unknown-\d+ was stored all the same could not be asked\.$/);
  });

  test("under a name that somebody else takes meanwhile is not taken for ours", async () => {
    const rival = await openS3Store(objects.config("store"), testWorld, { limits });
    const source = (async function* () {
      await rival.put(`rival-${bytes}`, from("theirs"));
      yield Buffer.alloc(bytes, "x");
    })();
    // The first to write a small object is the rival.
    objects.judge((call) => (isLast(bytes, call) && !(call.method === "PUT" && call.nth === 1) ? "refuse" : "pass"));
    await expect(store.put(`rival-${bytes}`, source)).rejects.toThrow(/access is denied/);
    objects.judge(() => "pass");
    expect(await store.stat(`rival-${bytes}`)).toMatchObject({ bytes: "theirs".length });
  });
});
