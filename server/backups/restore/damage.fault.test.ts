/** Every damage of what is stored, against a real restore: found while it is checked, before anything of the target exists. */
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RestorePhase, RestorePlace } from "../archive/operations.ts";
import { LENGTH_BYTES, readLengthWord, TAG_BYTES } from "../archive/frames.ts";
import { headerLength } from "../archive/header.ts";
import { MANIFEST_SUFFIX } from "../archive/names.ts";
import { readManifest } from "../archive/verify.ts";
import { backupKeys } from "../keys/backup-keys.ts";
import type { Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { openS3Store } from "../stores/s3/store.ts";
import { startObjectStore, type ObjectStore } from "../testing/object-store.ts";
import { localStore, takeOne, testFolder, testKeys, testWorld } from "../testing/world.ts";
import { restoreBackup } from "./restore.ts";

const folder = testFolder();
const scratch = path.join(folder, "scratch");
const target = path.join(folder, "target");
const FLIPS = 100;
let objects: ObjectStore;
let store: Store;
let one: Manifest;
let other: Manifest;
let whole: Buffer;

const fileOf = (name: string) => path.join(folder, "store", name);

async function takeFiles(mebibytes: number): Promise<Manifest> {
  const root = path.join(folder, `source-${mebibytes}`);
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, "random"), randomBytes(mebibytes * 1_048_576 + 5));
  fs.writeFileSync(path.join(root, "text"), "text");
  return (await takeOne({ source: { kind: "folder", path: root, include: [], exclude: [], links: "refuse" }, store, scratch })).manifest;
}

/** Offsets at which chunks begin, and the end. */
function edges(bytes: Buffer): number[] {
  const found = [];
  let at = headerLength(bytes.subarray(0, 8)) ?? 0;
  for (; at < bytes.length; at += LENGTH_BYTES + readLengthWord(bytes, at).length + TAG_BYTES) found.push(at);
  return found;
}

function flipped(at: number): Buffer {
  const bent = Buffer.from(whole);
  bent.writeUInt8(bent.readUInt8(at) ^ (1 << (at % 8)), at);
  return bent;
}

/** Restores as the console does, from the manifest in the store on. Tells how it failed and how far it came. */
async function attempt(rest: { place?: RestorePlace; files?: string[]; keys?: typeof testKeys } = {}): Promise<{ problem: string; phases: RestorePhase[] }> {
  const phases: RestorePhase[] = [];
  const keys = rest.keys ?? testKeys;
  const problem = await (async () => {
    const manifest = await readManifest(store, one.archive.name + MANIFEST_SUFFIX, keys);
    await restoreBackup({ store, manifest, keys, place: rest.place ?? { kind: "folder", path: target }, selection: rest.files ? { files: rest.files } : {}, scratchParent: scratch, onProgress: ({ phase }) => void (phases.at(-1) === phase || phases.push(phase)) }, testWorld);
  })().then(() => "", (error: Error) => error.message);
  return { problem, phases };
}

beforeAll(async () => {
  store = await localStore(path.join(folder, "store"));
  one = await takeFiles(3);
  other = await takeFiles(2);
  whole = fs.readFileSync(fileOf(one.archive.name));
  objects = await startObjectStore(path.join(folder, "s3"));
});
beforeEach(() => fs.writeFileSync(fileOf(one.archive.name), whole));
afterEach(() => {
  const left = [...fs.readdirSync(folder).filter((name) => name.startsWith("target")), ...fs.readdirSync(scratch)];
  if (left.length > 0) throw new Error(`A refused restore left ${left.join(", ")}.`);
});
afterAll(() => objects.close());

describe("an archive", () => {
  test("cut to nothing, to a byte, to half, by a byte and at every chunk's edge", async () => {
    const cuts = [0, 1, whole.length >> 1, whole.length - 1, ...edges(whole)];
    expect(cuts.length).toBeGreaterThan(6);
    for (const cut of cuts) {
      fs.writeFileSync(fileOf(one.archive.name), whole.subarray(0, cut));
      expect(await attempt(), `cut at ${cut}`).toEqual({ problem: expect.stringMatching(/damaged.*target was not touched/), phases: ["checking"] });
    }
  });

  test("with one bit flipped at a hundred places", async () => {
    for (let n = 0; n < FLIPS; n++) {
      const at = Math.floor(((n + 0.5) / FLIPS) * whole.length);
      fs.writeFileSync(fileOf(one.archive.name), flipped(at));
      expect(await attempt(), `bit at ${at}`).toEqual({ problem: expect.stringMatching(/damaged.*target was not touched/), phases: ["checking"] });
    }
  });

  test("swapped with another's, or gone", async () => {
    fs.copyFileSync(fileOf(other.archive.name), fileOf(one.archive.name));
    expect(await attempt()).toEqual({ problem: expect.stringMatching(/may be another backup's archive.*target was not touched/), phases: ["checking"] });
    fs.rmSync(fileOf(one.archive.name));
    expect(await attempt()).toEqual({ problem: expect.stringMatching(/holds no orders.*target was not touched/), phases: ["checking"] });
  });

  test("of which only undamaged files are wanted: refused all the same, into a folder and into a bucket", async () => {
    // The text is the last file, the damage lies in the first.
    fs.writeFileSync(fileOf(one.archive.name), flipped(whole.length >> 2));
    expect(await attempt({ files: ["text"] })).toEqual({ problem: expect.stringMatching(/damaged.*target was not touched/), phases: ["checking"] });
    const place = { kind: "bucket" as const, bucket: objects.config("target") };
    expect(await attempt({ files: ["text"], place })).toEqual({ problem: expect.stringMatching(/damaged.*target was not touched/), phases: ["checking"] });
    expect(await Array.fromAsync((await openS3Store(place.bucket, testWorld)).list())).toEqual([]);
  });

  test("with another key, or without the key", async () => {
    const wrong = backupKeys({ current: "k1", keys: new Map([["k1", Buffer.alloc(32, 8)]]) });
    expect(await attempt({ keys: wrong })).toEqual({ problem: expect.stringMatching(/signed with another key/), phases: [] });
    const without = backupKeys({ current: "k9", keys: new Map([["k9", Buffer.alloc(32, 7)]]) });
    expect(await attempt({ keys: without })).toEqual({ problem: expect.stringMatching(/k1/), phases: [] });
  });
});

describe("a manifest", () => {
  test("cut anywhere, edited, flipped at a hundred places or swapped with another's", async () => {
    const file = fileOf(one.archive.name + MANIFEST_SUFFIX);
    const text = fs.readFileSync(file);
    const flips = Array.from({ length: FLIPS }, (_, n) => {
      const at = Math.floor(((n + 0.5) / FLIPS) * text.length);
      const bent = Buffer.from(text);
      bent.writeUInt8(bent.readUInt8(at) ^ (1 << (n % 8)), at);
      return bent;
    });
    const cuts = [0, 1, text.length >> 1, text.length - 1].map((cut) => text.subarray(0, cut));
    const edited = Buffer.from(text.toString().replace('"files": 2', '"files": 1'));
    const shapes = [...flips, ...cuts, edited, fs.readFileSync(fileOf(other.archive.name + MANIFEST_SUFFIX))];
    for (const [index, shape] of shapes.entries()) {
      expect(shape.equals(text)).toBe(false);
      fs.writeFileSync(file, shape);
      expect(await attempt(), `shape ${index}`).toEqual({ problem: expect.stringMatching(/damaged|was changed|renamed or exchanged|needs the key|version that this console/), phases: [] });
    }
    fs.writeFileSync(file, text);
  });
});
