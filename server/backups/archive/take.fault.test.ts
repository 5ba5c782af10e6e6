/** Stores and runs that break while a backup is taken: what stays is whole, what is not whole is gone, and the reason is told. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { restoreBackup } from "../restore/restore.ts";
import type { Store } from "../stores/store.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../testing/world.ts";
import type { TakeRequest } from "./operations.ts";
import { verifyBackup } from "./verify.ts";

const MEBIBYTE = 1_048_576;
const folder = testFolder();
const scratch = path.join(folder, "scratch");
const root = path.join(folder, "source");
let made = 0;

beforeAll(() => {
  fs.mkdirSync(root);
  for (let n = 0; n < 6; n++) fs.writeFileSync(path.join(root, `random-${n}`), randomBytes(8 * MEBIBYTE));
});

type Wrapping = Partial<Pick<Store, "put" | "delete">>;
async function wrapped(change: (store: Store, at: string) => Wrapping = () => ({})): Promise<{ at: string; store: Store }> {
  const at = path.join(folder, `store-${made++}`);
  const store = await localStore(at);
  return { at, store: { ...store, ...change(store, at) } };
}
const filesIn = (at: string) => (fs.existsSync(at) ? fs.readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name) : []);
const isManifest = (name: string) => name.endsWith(".manifest");
const take = (stores: Store[], rest: Partial<TakeRequest> = {}, signal?: AbortSignal) =>
  takeOne({ source: { kind: "folder", path: root, include: [], exclude: [], links: "refuse" }, store: stores[0] as Store, stores: stores.map((store, index) => ({ id: `store-${index}`, store })), scratch, ...rest }, { ...testWorld, signal });

/** The archive's pieces as they pass, with their sum so far. */
async function* watched(source: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => Promise<void> | void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    await onBytes(bytes);
    yield piece;
  }
}

describe("two stores", () => {
  test("one slow and one fast hold the same bytes, which restore; the fast one is never far ahead", async () => {
    const passed = { fast: 0, slow: 0 };
    let furthest = 0;
    const fast = await wrapped((store) => ({ put: (name, source, options) => store.put(name, watched(source, (bytes) => { passed.fast = bytes; furthest = Math.max(furthest, bytes - passed.slow); }), options) }));
    const slow = await wrapped((store) => ({
      put: (name, source, options) => store.put(name, watched(source, async (bytes) => {
        // A turn of the event loop for each piece, then a hundred: the other store is done long before.
        for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
        if (!isManifest(name)) passed.slow = bytes;
      }), options),
    }));
    const { manifest, stores } = await take([fast.store, slow.store]);
    expect(stores.map(({ isStored }) => isStored)).toEqual([true, true]);
    expect(manifest.archive.bytes).toBeGreaterThan(40 * MEBIBYTE);
    expect(furthest).toBeLessThan(8 * MEBIBYTE);
    const read = ({ at }: { at: string }) => fs.readFileSync(path.join(at, manifest.archive.name));
    expect(read(fast).equals(read(slow))).toBe(true);
    const report = await restoreBackup({ store: slow.store, manifest, keys: testKeys, place: { kind: "folder", path: path.join(folder, "restored") }, selection: {}, scratchParent: scratch, onProgress: () => undefined }, testWorld);
    expect(report.comparison).toMatchObject({ isEqual: true, tables: 6 });
  });

  test("one breaks in the middle: the other is whole, and of the broken one nothing stays", async () => {
    const good = await wrapped();
    const bad = await wrapped((store) => ({ put: (name, source, options) => store.put(name, watched(source, (bytes) => { if (bytes > 10 * MEBIBYTE) throw new Error("the cable is out"); }), options) }));
    const { manifest, stores } = await take([bad.store, good.store]);
    expect(stores).toEqual([{ id: "store-0", isStored: false, problem: expect.stringContaining("the cable is out") }, { id: "store-1", isStored: true, problem: null }]);
    expect(await verifyBackup({ store: good.store, manifest, keys: testKeys }, testWorld)).toMatchObject({ isIntact: true });
    expect(filesIn(bad.at)).toEqual([]);
  });
});

describe("a manifest that cannot be written", () => {
  const refusing = (store: Store): Wrapping => ({ put: (name, source, options) => (isManifest(name) ? Promise.reject(new Error("the disk is full")) : store.put(name, source, options)) });

  test("takes its archive with it, and the other store keeps both", async () => {
    const [bad, good] = [await wrapped(refusing), await wrapped()];
    const { stores } = await take([bad.store, good.store]);
    expect(stores).toEqual([{ id: "store-0", isStored: false, problem: "the disk is full" }, { id: "store-1", isStored: true, problem: null }]);
    expect([filesIn(bad.at).length, filesIn(good.at).length]).toEqual([0, 2]);
  });

  test("in the only store is a failed run; an archive that cannot be removed either is named", async () => {
    const bad = await wrapped(refusing);
    await expect(take([bad.store])).rejects.toThrow(/^No store holds the backup: the disk is full$/);
    expect(filesIn(bad.at)).toEqual([]);
    const worse = await wrapped((store) => ({ ...refusing(store), delete: () => Promise.reject(new Error("read-only")) }));
    await expect(take([worse.store])).rejects.toThrow(/^No store holds the backup: the disk is full orders\/.*\.swb could not be removed again: read-only$/);
  });
});

describe("a folder that vanishes in the middle", () => {
  test("removed while the archive is written: said, the other store is whole, and it is not made anew", async () => {
    const good = await wrapped();
    const gone = await wrapped((store, at) => ({ put: (name, source, options) => store.put(name, watched(source, (bytes) => { if (bytes > 10 * MEBIBYTE) fs.rmSync(at, { recursive: true, force: true }); }), options) }));
    const { manifest, stores } = await take([gone.store, good.store]);
    expect(stores).toEqual([{ id: "store-0", isStored: false, problem: `The folder ${gone.at} cannot keep backups: it is not there and cannot be made.` }, { id: "store-1", isStored: true, problem: null }]);
    expect(await verifyBackup({ store: good.store, manifest, keys: testKeys }, testWorld)).toMatchObject({ isIntact: true });
    expect(fs.existsSync(gone.at)).toBe(false);
    await expect(gone.store.get("orders/x")).rejects.toMatchObject({ code: "unavailable" });
    await expect(gone.store.delete("orders/x")).rejects.toMatchObject({ code: "unavailable" });
    await expect(Array.fromAsync(gone.store.list())).rejects.toMatchObject({ code: "unavailable" });
  });

  test.each(["while the archive is written", "after the archive"])("unmounted %s: said, and nothing is left under the mount point", async (when) => {
    const at = path.join(folder, `mount-${made++}`);
    fs.mkdirSync(at);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=200m,mode=0700", "tmpfs", at]);
    expect(mounted.status, String(mounted.stderr)).toBe(0);
    let isMounted = true;
    const unmount = () => {
      if (isMounted) isMounted = spawnSync("umount", ["--lazy", at]).status !== 0;
    };
    try {
      const inner = await localStore(at);
      const put: Store["put"] = async (name, source, options) => {
        if (isManifest(name)) return inner.put(name, source, options);
        const result = await inner.put(name, when === "after the archive" ? source : watched(source, (bytes) => { if (bytes > 10 * MEBIBYTE) unmount(); }), options);
        unmount();
        return result;
      };
      await expect(take([{ ...inner, put }])).rejects.toThrow(when === "after the archive" ? /took the archive and does not hold it any more. Was it unmounted/ : /it is not there and cannot be made/);
      expect(isMounted).toBe(false);
      expect(filesIn(at)).toEqual([]);
    } finally {
      unmount();
    }
  });
});

describe("a run that is cancelled", () => {
  test.each([0, 1, 9, 17, 30, 45])("after %i MiB, with blocks under compression: nothing stays, and the reason is the caller's", async (mebibytes) => {
    const controller = new AbortController();
    const stop = (bytes: number) => {
      if (bytes > mebibytes * MEBIBYTE) controller.abort(new Error("cancelled by the test"));
    };
    const both = [await wrapped((store) => ({ put: (name, source, options) => store.put(name, watched(source, stop), options) })), await wrapped()];
    await expect(take(both.map(({ store }) => store), {}, controller.signal)).rejects.toThrow("cancelled by the test");
    expect(both.flatMap(({ at }) => filesIn(at))).toEqual([]);
    expect(fs.readdirSync(scratch)).toEqual([]);
  });

  test("when one store has the whole archive already: it loses it again, and one that cannot is told", async () => {
    const controller = new AbortController();
    const last = (store: Store): Wrapping => ({
      put: async (name, source, options) => {
        const result = await store.put(name, source, options);
        controller.abort(new Error("cancelled by the test"));
        return result;
      },
    });
    const [good, bad] = [await wrapped(last), await wrapped((store) => ({ ...last(store), delete: () => Promise.reject(new Error("read-only")) }))];
    await expect(take([good.store, bad.store], {}, controller.signal)).rejects.toThrow(/^cancelled by the test( orders\/.*\.swb could not be removed again: read-only)?$/);
    expect(filesIn(good.at)).toEqual([]);
    expect(filesIn(bad.at).filter(isManifest)).toEqual([]);
  });
});
