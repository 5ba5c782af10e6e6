import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Store } from "../stores/store.ts";
import { fanOut } from "./fan-out.ts";
import { createGate, type Gate } from "../testing/gate.ts";

const MEBIBYTE = 1_048_576;
const BYTES_AHEAD = 4 * MEBIBYTE;
const signal = new AbortController().signal;
const sha256 = (pieces: Buffer[]) => pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest("hex");

type Taking = { store: Store; pieces: Buffer[]; bytes: () => number; deleted: string[] };

/** A store that keeps what it takes; with a gate it takes a piece each time the gate opens. */
function taking(rules: { gate?: Gate; failsAfter?: number; deletes?: () => Promise<void> } = {}): Taking {
  const pieces: Buffer[] = [];
  const deleted: string[] = [];
  const bytes = () => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const put: Store["put"] = async (_name, source) => {
    for await (const piece of source) {
      await rules.gate?.pass();
      if (rules.failsAfter !== undefined && bytes() >= rules.failsAfter) throw new Error("the disk is full");
      pieces.push(piece as Buffer);
    }
    return { bytes: bytes() };
  };
  const store = { kind: "local", label: "memory", put, delete: (name: string) => (rules.deletes ?? Promise.resolve.bind(Promise))().then(() => void deleted.push(name)) } as unknown as Store;
  return { store, pieces, bytes, deleted };
}

const lanes = (...stores: Taking[]) => stores.map(({ store }, index) => ({ id: `store-${index}`, store }));
/** As a sealed archive comes: tiny pieces between large ones. */
const archive = (frames: number) => Array.from({ length: frames }, () => [randomBytes(4), randomBytes(MEBIBYTE), randomBytes(16)]).flat();

describe("one stream into several stores", () => {
  test("a slow one and a fast one hold the same, and neither may be far ahead of the other", async () => {
    const gate = createGate();
    const [fast, slow] = [taking(), taking({ gate })];
    const fan = fanOut(lanes(fast, slow), "archive", signal);
    const pieces = archive(24);
    let pushed = 0;
    const source = (async () => {
      for (const piece of pieces) {
        await fan.push(piece);
        pushed += piece.length;
        expect(pushed - slow.bytes()).toBeLessThanOrEqual(BYTES_AHEAD + 2 * MEBIBYTE);
      }
      return fan.end();
    })();
    // Nobody opens the gate: the source stands still with what one store may be behind.
    await gate.waiting();
    await expect.poll(() => pushed).toBeGreaterThan(BYTES_AHEAD - MEBIBYTE);
    expect(fast.bytes()).toBeLessThanOrEqual(BYTES_AHEAD + 2 * MEBIBYTE);
    gate.open();
    expect(await source).toEqual([{ id: "store-0", error: null }, { id: "store-1", error: null }]);
    expect([sha256(fast.pieces), sha256(slow.pieces)]).toEqual([sha256(pieces), sha256(pieces)]);
  });

  test("one that fails while the source waits for it lets the others go on, whole", async () => {
    const gate = createGate();
    const [good, bad] = [taking(), taking({ gate, failsAfter: MEBIBYTE })];
    const fan = fanOut(lanes(good, bad), "archive", signal);
    const pieces = archive(12);
    const source = (async () => {
      for (const piece of pieces) await fan.push(piece);
      return fan.end();
    })();
    await gate.waiting();
    gate.open();
    expect(await source).toEqual([{ id: "store-0", error: null }, { id: "store-1", error: new Error("the disk is full") }]);
    expect(sha256(good.pieces)).toBe(sha256(pieces));
  });

  test("when all have failed the source is stopped by the reason of the first", async () => {
    const fan = fanOut(lanes(taking({ failsAfter: 0 }), taking({ failsAfter: 0 })), "archive", signal);
    await expect(async () => {
      for (const piece of archive(20)) await fan.push(piece);
    }).rejects.toThrow("the disk is full");
    expect(await fan.fail(new Error("over"))).toEqual([]);
  });

  test("broken off, every store hears of it, also one that waits for more", async () => {
    const stores = [taking(), taking()];
    const fan = fanOut(lanes(...stores), "archive", signal);
    await fan.push(randomBytes(10));
    expect(await fan.fail(new Error("the dump broke"))).toEqual([]);
    expect(stores.map(({ deleted }) => deleted)).toEqual([[], []]);
    expect((await fan.end()).map(({ error }) => (error as Error).message)).toEqual(["the dump broke", "the dump broke"]);
  });

  test("broken off when they are whole already, they lose them again; one that cannot is told", async () => {
    const [good, bad] = [taking(), taking({ deletes: () => Promise.reject(new Error("access is denied")) })];
    const fan = fanOut(lanes(good, bad), "archive", signal);
    await fan.push(randomBytes(10));
    await fan.end();
    expect(await fan.fail(new Error("cancelled"))).toEqual(["archive could not be removed again: access is denied"]);
    expect(good.deleted).toEqual(["archive"]);
  });
});
