import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnchorCheck, CHAIN_START, CHAINED_FIELDS, follow, hashEntry, isProblem, type ChainEntry, type Link } from "./audit-chain.ts";

const blank: ChainEntry = { id: "1", atMs: "0", actorKind: "user", actorId: null, actorLabel: "Maya", action: "a.b", targetKind: "t", targetId: "1", summary: "Did", before: null, after: null, requestId: null, address: null, hash: "" };

function chain(length: number): ChainEntry[] {
  const entries: ChainEntry[] = [];
  let previous = CHAIN_START.hash;
  for (let n = 1; n <= length; n++) {
    const entry = { ...blank, id: String(n), summary: `Did ${n}` };
    previous = hashEntry(previous, entry);
    entries.push({ ...entry, hash: previous });
  }
  return entries;
}

/** The number of the first bad entry; null when the chain holds. */
function firstBad(entries: ChainEntry[], anchors: Link[] = []): bigint | null {
  const check = new AnchorCheck(anchors);
  let last = CHAIN_START;
  for (const entry of entries) {
    const next = follow(last, entry);
    if (isProblem(next)) return next.seq;
    const problem = check.see(next);
    if (problem) return problem.seq;
    last = next;
  }
  return check.finish(last)?.seq ?? null;
}

describe("the chain (T25)", () => {
  it("holds as it was written", () => {
    expect(firstBad(chain(20))).toBeNull();
  });

  it.each(CHAINED_FIELDS.filter((field) => field !== "id"))("breaks at the entry whose %s was changed", (field) => {
    const entries = chain(9);
    entries[4] = { ...(entries[4] ?? blank), [field]: "other" };
    expect(firstBad(entries)).toBe(5n);
  });

  it("breaks where an entry is gone, put in, or swapped", () => {
    const entries = chain(9);
    expect(firstBad(entries.toSpliced(3, 1))).toBe(4n);
    expect(firstBad(entries.toSpliced(0, 1))).toBe(1n);
    const [third, fourth] = [entries[2] ?? blank, entries[3] ?? blank];
    expect(firstBad(entries.with(2, { ...fourth, id: "3" }).with(3, { ...third, id: "4" }))).toBe(3n);
    expect(firstBad(entries.toSpliced(3, 0, { ...fourth, summary: "forged" }))).toBe(4n);
  });

  it("tells fields apart wherever their border is", () => {
    const text = fc.string({ maxLength: 6 });
    fc.assert(
      fc.property(fc.tuple(text, text), fc.tuple(text, text), (one, other) => {
        fc.pre(one.join(" ") !== other.join(" ") || one[0] !== other[0]);
        const hash = ([actorLabel, action]: [string, string]) => hashEntry(CHAIN_START.hash, { ...blank, actorLabel, action });
        expect(hash(one)).not.toBe(hash(other));
      }),
    );
  });

  it("tells an absent field from the text that stands for it", () => {
    expect(hashEntry(CHAIN_START.hash, { ...blank, address: null })).not.toBe(hashEntry(CHAIN_START.hash, { ...blank, address: "-" }));
  });
});

describe("anchors", () => {
  const links = (entries: ChainEntry[]) => entries.map(({ id, hash }): Link => ({ seq: BigInt(id), hash }));

  it("show a tail that was cut off", () => {
    const anchors = [links(chain(9))[3], links(chain(9))[8]].flatMap((link) => link ?? []);
    expect(firstBad(chain(9), anchors)).toBeNull();
    expect(firstBad(chain(6), anchors)).toBe(7n);
  });

  it("show entries that were written anew, hashes and all", () => {
    const honest = links(chain(9));
    const forged = chain(5);
    let previous = forged[4]?.hash ?? "";
    for (let n = 6; n <= 9; n++) {
      const entry = { ...blank, id: String(n), summary: "forged" };
      previous = hashEntry(previous, entry);
      forged.push({ ...entry, hash: previous });
    }
    expect(firstBad(forged)).toBeNull();
    expect(firstBad(forged, honest.filter(({ seq }) => seq === 3n || seq === 8n))).toBe(4n);
  });
});
