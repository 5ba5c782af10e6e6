import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { AppError } from "../../platform/errors.ts";
import { backupKeys } from "../keys/backup-keys.ts";
import type { Cipher, Manifest } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import { BlockWriter } from "./blocks.ts";
import { compress } from "./compression.ts";
import { LENGTH_BYTES, readLengthWord, TAG_BYTES } from "./frames.ts";
import { headerLength } from "./header.ts";
import { backupNames, slugOf } from "./names.ts";
import { createSeal } from "./seal.ts";
import { decodeManifest, encodeManifest } from "./signed-manifest.ts";
import { readManifest, verifyBackup } from "./verify.ts";

const FRAME = 1_024;
const ring = (fill: number) => backupKeys({ current: "k1", keys: new Map([["k1", Buffer.alloc(32, fill)]]) });
const keys = ring(7);
const world = { http: { request: () => Promise.reject(new Error("closed")), resolve: () => Promise.reject(new Error("closed")) }, now: () => new Date("2027-01-15T12:00:00Z") };

/** A store that holds what it was given. */
function memoryStore(objects: Map<string, Buffer>): Store {
  const found = (name: string) => {
    const bytes = objects.get(name);
    if (!bytes) throw new AppError("not_found", `There is no ${name}.`);
    return bytes;
  };
  return { kind: "local", label: "memory", get: (name: string) => Promise.resolve(Readable.from([found(name)], { objectMode: false })) } as unknown as Store;
}

type Made = { manifest: Manifest; bytes: Buffer };

async function make(id: string, plain: Buffer, cipher: Cipher = "aes-256-gcm"): Promise<Made> {
  const seal = createSeal({ backupId: id, keys, cipher, frameBytes: FRAME });
  const parts: Buffer[] = [];
  const writer = new BlockWriter();
  writer.end(plain);
  for await (const part of seal.seal(compress(writer.blocks()))) parts.push(part);
  const manifest: Manifest = {
    format: "seaworthy-backup/1",
    id,
    plan: { id: null, name: "orders" },
    trigger: "manual",
    source: { kind: "folder", label: "x", version: null, fingerprint: null },
    engine: "folder",
    engineReason: "",
    tools: {},
    startedAt: "2027-01-15T12:00:00.000Z",
    finishedAt: "2027-01-15T12:00:01.000Z",
    dataAsOf: "2027-01-15T12:00:00.000Z",
    content: { kind: "folder", files: 0, bytes: 0, folders: 0, links: 0, sum: "0", listed: [], leftOut: [] },
    plainBytes: plain.length,
    keyId: "k1",
    archive: { name: `orders/${id}.swb`, compression: "zstd", ...seal.facts() },
  };
  return { manifest, bytes: Buffer.concat(parts) };
}

const judge = async (made: Made, bytes: Buffer, withKeys = keys) => verifyBackup({ store: memoryStore(new Map([[made.manifest.archive.name, bytes]])), manifest: made.manifest, keys: withKeys }, world);

/** Offsets at which frames begin, the first after the header. */
function edges(bytes: Buffer): number[] {
  const found = [];
  for (let at = headerLength(bytes.subarray(0, 8)) ?? 0; at < bytes.length; at += LENGTH_BYTES + readLengthWord(bytes, at).length + TAG_BYTES) found.push(at);
  return found;
}

describe.each(["aes-256-gcm", "none"] as const)("a stored archive (%s)", (cipher) => {
  let made: Made;
  let other: Made;

  beforeAll(async () => {
    made = await make("bkp_one", randomBytes(9_000), cipher);
    other = await make("bkp_two", randomBytes(9_000), cipher);
  });

  test("is intact as written, in several chunks", async () => {
    expect(await judge(made, made.bytes)).toEqual({ isIntact: true, problem: null, bytes: made.bytes.length, chunks: made.manifest.archive.chunkSha256.length });
    expect(edges(made.bytes).length).toBeGreaterThan(5);
  });

  test("an empty source makes an archive too", async () => {
    const empty = await make("bkp_empty", Buffer.alloc(0), cipher);
    expect((await judge(empty, empty.bytes)).isIntact).toBe(true);
  });

  test("truncated to nothing, by a byte, to half and at every chunk edge: damaged", async () => {
    const cuts = [0, 1, 7, made.bytes.length - 1, made.bytes.length >> 1, ...edges(made.bytes)];
    for (const cut of cuts) expect(await judge(made, made.bytes.subarray(0, cut)), `cut at ${cut}`).toMatchObject({ isIntact: false });
  });

  test("one bit flipped at a hundred places: damaged", async () => {
    for (let n = 0; n < 100; n++) {
      const at = Math.floor(((n + 0.5) / 100) * made.bytes.length);
      const bent = Buffer.from(made.bytes);
      bent.writeUInt8(bent.readUInt8(at) ^ (1 << (n % 8)), at);
      expect(await judge(made, bent), `bit at ${at}`).toMatchObject({ isIntact: false });
    }
  });

  test("every byte of the header matters", async () => {
    for (let at = 0; at < (edges(made.bytes)[0] ?? 0); at++) {
      const bent = Buffer.from(made.bytes);
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
      expect((await judge(made, bent)).isIntact, `byte ${at}`).toBe(false);
    }
  });

  test("swapped with another archive, chunks reordered, dropped, repeated, or something appended: damaged", async () => {
    const [a = 0, b = 0, c = 0] = edges(made.bytes);
    const { bytes } = made;
    const frames = { first: bytes.subarray(a, b), second: bytes.subarray(b, c) };
    const head = bytes.subarray(0, a);
    const rest = bytes.subarray(c);
    const foreign = other.bytes.subarray(edges(other.bytes)[0], edges(other.bytes)[1]);
    const shapes = {
      swapped: other.bytes,
      reordered: Buffer.concat([head, frames.second, frames.first, rest]),
      dropped: Buffer.concat([head, frames.second, rest]),
      repeated: Buffer.concat([head, frames.first, frames.first, frames.second, rest]),
      "a chunk of another archive": Buffer.concat([head, foreign, frames.second, rest]),
      "header of another archive": Buffer.concat([other.bytes.subarray(0, edges(other.bytes)[0]), bytes.subarray(a)]),
      appended: Buffer.concat([bytes, Buffer.from("x")]),
      "a whole archive appended": Buffer.concat([bytes, other.bytes]),
    };
    for (const [shape, bent] of Object.entries(shapes)) expect((await judge(made, bent)).isIntact, shape).toBe(false);
  });
});

test("with another key, and without the key, nothing opens", async () => {
  const made = await make("bkp_key", randomBytes(3_000));
  expect(await judge(made, made.bytes, ring(8))).toMatchObject({ isIntact: false, problem: expect.stringContaining("another key") });
  const without = backupKeys({ current: "k2", keys: new Map([["k2", Buffer.alloc(32, 7)]]) });
  expect(await judge(made, made.bytes, without)).toMatchObject({ isIntact: false, problem: expect.stringContaining("needs the key k1") });
});

test("two archives of the same bytes share nothing: no key and no nonce is used twice", async () => {
  const plain = Buffer.alloc(4_000, 65);
  const [one, two] = [await make("bkp_same", plain), await make("bkp_same", plain)];
  expect(one.manifest.archive.sha256).not.toBe(two.manifest.archive.sha256);
  expect(one.bytes.includes(plain.subarray(0, 64))).toBe(false);
});

describe("the manifest", () => {
  test("any edit, another key, a cut or a foreign file is refused", async () => {
    const { manifest } = await make("bkp_man", randomBytes(3_000));
    const text = encodeManifest(manifest, keys);
    expect(decodeManifest(text, keys)).toEqual(manifest);
    const edits = [text.toString().replace("2027", "2028"), text.toString().replace('"files": 0', '"files": 1'), `${text.toString()} `, text.toString().slice(0, -2), text.toString().replace('"k1"', '"k9"'), "", "{}", "\n", "x".repeat(50)];
    for (const edit of edits) expect(() => decodeManifest(Buffer.from(edit), keys), edit.slice(0, 40)).toThrow(AppError);
    expect(() => decodeManifest(text, ring(8))).toThrow(/signature does not fit/);
  });

  test("each bit of it is signed", async () => {
    const { manifest } = await make("bkp_bit", randomBytes(100));
    const text = encodeManifest(manifest, keys);
    for (let at = 0; at < text.length; at += 1) {
      for (let bit = 0; bit < 8; bit++) {
        const bent = Buffer.from(text);
        bent.writeUInt8(bent.readUInt8(at) ^ (1 << bit), at);
        expect(() => decodeManifest(bent, keys), `bit ${bit} of byte ${at}`).toThrow(AppError);
      }
    }
  });

  test("put under another backup's name it is refused", async () => {
    const { manifest } = await make("bkp_ren", randomBytes(100));
    const store = memoryStore(new Map([["orders/other.swb.manifest", encodeManifest(manifest, keys)]]));
    await expect(readManifest(store, "orders/other.swb.manifest", keys)).rejects.toThrow(/renamed or exchanged/);
  });
});

describe("names (MDL3-036)", () => {
  test("sort by time within a plan and carry nothing of a path", () => {
    const at = (time: string) => backupNames({ plan: "../../Orders (EU)/ö", id: "bkp_01KAM2Q8ZT5W3M0C9N4V7XJ6RD", at: new Date(time) }).archive;
    expect(at("2027-01-15T02:00:00Z")).toBe("orders-eu-o/orders-eu-o_20270115_020000_4V7XJ6RD.swb");
    expect([at("2027-10-01T00:00:00Z"), at("2026-12-31T23:59:59Z"), at("2027-02-01T00:00:00Z")].toSorted().map((name) => name.slice(24, 39))).toEqual(["20261231_235959", "20270201_000000", "20271001_000000"]);
  });

  test.each([
    { name: "", slug: "backup" },
    { name: "..", slug: "backup" },
    { name: "Ünïcode — 名前", slug: "u-ni-code" },
    { name: "a".repeat(100), slug: "a".repeat(60) },
  ])("$name is $slug", ({ name, slug }) => {
    expect(slugOf(name)).toBe(slug);
  });
});
