/**
 * The audit trail as a hash chain. Each entry's hash is SHA-256 over the previous entry's hash and the entry itself, every
 * field written as `<bytes>:<text>,` and an absent one as `-,`. The database computes it when a row is added (migration
 * 0006); this file computes it again, independently, to verify. Whoever changes, removes or swaps rows breaks it.
 */
import { createHash } from "node:crypto";

/** Everything that is hashed, in its order; JSON as PostgreSQL writes it, times in milliseconds since 1970. */
export const CHAINED_FIELDS = ["id", "atMs", "actorKind", "actorId", "actorLabel", "action", "targetKind", "targetId", "summary", "before", "after", "requestId", "address"] as const;

/** One row, all as text. */
export type ChainEntry = Record<(typeof CHAINED_FIELDS)[number], string | null> & { id: string; atMs: string; hash: string };

/** A point of the chain: the number of an entry and its hash. */
export type Link = { seq: bigint; hash: string };

/** Before the first entry. */
export const CHAIN_START: Link = { seq: 0n, hash: "0".repeat(64) };

/** The hash an entry must have after `previousHash`, hex. */
export function hashEntry(previousHash: string, entry: ChainEntry): string {
  const hash = createHash("sha256").update(Buffer.from(previousHash, "hex"));
  for (const field of CHAINED_FIELDS) {
    const text = entry[field];
    hash.update(text === null ? "-," : `${Buffer.byteLength(text)}:${text},`);
  }
  return hash.digest("hex");
}

/** What is wrong with the trail: the first bad number and one sentence. */
export type ChainProblem = { seq: bigint; isMissing: boolean; sentence: string };

/** Checks one entry after another. Returns the new link, or the problem with this entry. */
export function follow(previous: Link, entry: ChainEntry): Link | ChainProblem {
  const [seq, expected] = [BigInt(entry.id), previous.seq + 1n];
  if (seq !== expected) return { seq: expected, isMissing: true, sentence: `Entry ${expected} is missing: after ${previous.seq} comes ${seq}.` };
  if (hashEntry(previous.hash, entry) !== entry.hash) {
    return { seq, isMissing: false, sentence: `Entry ${seq} does not fit the entry before it: it was changed, put in, or swapped with another.` };
  }
  return { seq, hash: entry.hash };
}

/** True for a problem, false for a link. */
export const isProblem = (result: Link | ChainProblem): result is ChainProblem => "sentence" in result;

/** Compares the chain with copies of earlier links that were kept elsewhere. */
export class AnchorCheck {
  readonly #anchors: ReadonlyMap<bigint, string>;
  #lastGood = 0n;
  #checked = 0;

  constructor(anchors: readonly Link[]) {
    this.#anchors = new Map(anchors.map(({ seq, hash }) => [seq, hash]));
  }

  /** Anchors that were found again in the chain. */
  get checked(): number {
    return this.#checked;
  }

  /** Looks at one link of the chain; call it in the chain's order. */
  see(link: Link): ChainProblem | null {
    const anchored = this.#anchors.get(link.seq);
    if (anchored === undefined) return null;
    if (anchored !== link.hash) {
      const from = this.#lastGood + 1n;
      return { seq: from, isMissing: false, sentence: `Entries from ${from} to ${link.seq} were written anew: entry ${link.seq} has another hash than its anchor.` };
    }
    this.#lastGood = link.seq;
    this.#checked += 1;
    return null;
  }

  /** Looks for anchors behind the last entry: then the tail was cut off. */
  finish(last: Link): ChainProblem | null {
    const beyond = [...this.#anchors.keys()].filter((seq) => seq > last.seq);
    if (beyond.length === 0) return null;
    const furthest = beyond.reduce((a, b) => (b > a ? b : a));
    return { seq: last.seq + 1n, isMissing: true, sentence: `Entry ${last.seq + 1n} is missing: the trail ends at ${last.seq}, an anchor knows entry ${furthest}.` };
  }
}
