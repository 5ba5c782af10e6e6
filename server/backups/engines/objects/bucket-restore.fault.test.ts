/** Restores into a bucket, and backups of one, that fail: what they wrote is gone, what was there is untouched, and the first failure is the one that is told. */
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { restoreBackup } from "../../restore/restore.ts";
import type { Manifest } from "../../schema/manifest.ts";
import { openS3Store } from "../../stores/s3/store.ts";
import type { Store } from "../../stores/store.ts";
import { startObjectStore, type ObjectStore } from "../../testing/object-store.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../../testing/world.ts";

const folder = testFolder();
const scratch = path.join(folder, "scratch");
const NAMES = ["a.txt", "b/large.bin", "c.txt", "d.txt", "e.txt"];
const LARGE = Buffer.alloc(9_000_000, "0123456789abcdef");
let objects: ObjectStore;
let store: Store;
let manifest: Manifest;
let made = 0;

const open = (prefix: string) => openS3Store(objects.config(prefix), testWorld, { names: "any" });
const put = async (prefix: string, name: string, bytes: Buffer | string) => (await open(prefix)).put(name, Readable.from([Buffer.from(bytes)]));
const textOf = async (prefix: string, name: string) => Buffer.concat(await Array.fromAsync((await (await open(prefix)).get(name)) as AsyncIterable<Buffer>)).toString();

async function listed(prefix: string): Promise<string[]> {
  objects.judge(() => "pass");
  return (await Array.fromAsync((await open(prefix)).list())).map(({ name }) => name);
}

const restore = (prefix: string, rest: Partial<Parameters<typeof restoreBackup>[0]> = {}, signal?: AbortSignal) =>
  restoreBackup({ store, manifest, keys: testKeys, place: { kind: "bucket", bucket: objects.config(prefix) }, selection: {}, scratchParent: scratch, onProgress: () => undefined, ...rest }, { ...testWorld, signal });
const newPrefix = () => `target-${made++}`;

beforeAll(async () => {
  objects = await startObjectStore(path.join(folder, "s3"));
  store = await localStore(path.join(folder, "store"));
  for (const name of NAMES) await put("source", name, name === "b/large.bin" ? LARGE : `content of ${name}`);
  manifest = (await takeOne({ source: { kind: "bucket", bucket: objects.config("source") }, store, scratch })).manifest;
});
beforeEach(() => objects.judge(() => "pass"));
afterAll(() => objects.close());

describe("a restore into a bucket", () => {
  // The large object takes two parts, so the calls that write are more than the objects.
  test.each([1, 2, 3, 4, 5, 6])("whose write number %i is refused leaves nothing of its own and says why", async (n) => {
    const prefix = newPrefix();
    await put(prefix, "mine", "mine");
    objects.judge(({ method, nth }) => (method === "PUT" && nth === n ? "refuse" : "pass"));
    await expect(restore(prefix)).rejects.toThrow(/cannot be used: access is denied\.$/);
    expect(await listed(prefix)).toEqual(["mine"]);
    expect(await textOf(prefix, "mine")).toBe("mine");
  });

  test("that meets a name which is taken stops there and leaves that object as it was", async () => {
    const prefix = newPrefix();
    await put(prefix, "d.txt", "somebody else's");
    await expect(restore(prefix)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("d.txt exists already. It was not changed.") });
    expect(await listed(prefix)).toEqual(["d.txt"]);
    expect(await textOf(prefix, "d.txt")).toBe("somebody else's");
  });

  test("that may not remove either tells the first failure and every object that stays", async () => {
    const prefix = newPrefix();
    objects.judge(({ method, key }) => ((method === "PUT" && key.endsWith("e.txt")) || (method === "DELETE" && /[bc]/.test(path.basename(key))) ? "refuse" : "pass"));
    const problem = await restore(prefix).then(() => "", (error: Error) => error.message);
    expect(problem).toMatch(/^The object store 127\.0\.0\.1:\d+\/backups\/target-\d+ cannot be used: access is denied\. Of what this restore wrote into .*, this could not be removed again \(.*access is denied\.\): b\/large\.bin, c\.txt\.$/);
    expect(await listed(prefix)).toEqual(["b/large.bin", "c.txt"]);
  });

  test("that may remove nothing gives up after three and names all", async () => {
    const prefix = newPrefix();
    let deletes = 0;
    objects.judge(({ method, key }) => {
      if (method === "DELETE") deletes += 1;
      return method === "DELETE" || (method === "PUT" && key.endsWith("e.txt")) ? "refuse" : "pass";
    });
    await expect(restore(prefix)).rejects.toThrow(/could not be removed again .*: a\.txt, b\/large\.bin, c\.txt, d\.txt\.$/);
    expect(deletes).toBe(3);
  });

  test("whose answer is lost on the way is whole", async () => {
    const prefix = newPrefix();
    objects.judge(({ method, nth }) => (method === "PUT" && nth === 1 ? "lose" : "pass"));
    const report = await restore(prefix);
    expect(report.comparison).toMatchObject({ isEqual: true, tables: NAMES.length });
    expect(await listed(prefix)).toEqual(NAMES);
  });

  test.each(["a.txt", "c.txt"])("cancelled while %s is on its way leaves nothing", async (name) => {
    const prefix = newPrefix();
    const controller = new AbortController();
    objects.judge(({ method, key }) => {
      if (method === "PUT" && key.endsWith(name)) controller.abort(new Error("cancelled by the test"));
      return "pass";
    });
    await expect(restore(prefix, {}, controller.signal)).rejects.toThrow("cancelled by the test");
    expect(await listed(prefix)).toEqual([]);
  });

  test("that is not what the manifest says is taken back", async () => {
    const prefix = newPrefix();
    const other = structuredClone(manifest);
    if (other.content.kind === "bucket") other.content.files += 1;
    await expect(restore(prefix, { manifest: other })).rejects.toThrow(/is not what the manifest says, so nothing was replaced/);
    expect(await listed(prefix)).toEqual([]);
  });

  test("of some objects that fails takes those back", async () => {
    const prefix = newPrefix();
    objects.judge(({ method, key }) => (method === "PUT" && key.endsWith("d.txt") ? "refuse" : "pass"));
    await expect(restore(prefix, { selection: { files: ["*.txt"] } })).rejects.toThrow(/access is denied/);
    expect(await listed(prefix)).toEqual([]);
  });
});

test("a backup of a bucket that is cancelled while an object is read leaves nothing, and the process goes on", async () => {
  const controller = new AbortController();
  objects.judge(({ method, key }) => {
    if (method === "GET" && key.endsWith("c.txt")) controller.abort(new Error("cancelled by the test"));
    return "pass";
  });
  const empty = await localStore(path.join(folder, "empty"));
  await expect(takeOne({ source: { kind: "bucket", bucket: objects.config("source") }, store: empty, scratch }, { ...testWorld, signal: controller.signal })).rejects.toThrow("cancelled by the test");
  expect(await Array.fromAsync(empty.list())).toEqual([]);
});
