/**
 * Ids carry their kind (`svc_…`) and sort by creation time: 48 bits of milliseconds, then 80 random bits, in
 * Crockford base 32, the layout of ULID (github.com/ulid/spec). Two ids made in one millisecond are unordered.
 */
import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

/** Three letters that name the kind of a row. */
export type IdKind = "usr" | "ses" | "key" | "svc" | "chk" | "evt" | "prc" | "req" | "job" | "lnk" | "tag" | "idn" | "ver" | "viw" | "blk" | "qop" | "cmt" | "rpt" | "tst" | "wvr" | "rsk" | "wks" | "mls" | "dfr" | "ltr" | "bkp" | "sto" | "pln" | "run" | "drl" | "rst" | "pas";

function encodeTime(ms: number): string {
  let rest = ms;
  let out = "";
  for (let i = 0; i < TIME_LENGTH; i++) {
    out = ALPHABET[rest % 32] + out;
    rest = Math.floor(rest / 32);
  }
  return out;
}

/** Random bytes are fetched for many ids at once: every request gets an id, and each fetch is a call into the library. */
const POOL_BYTES = 256 * RANDOM_LENGTH;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

function randomLetters(): string {
  if (used >= POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  let out = "";
  for (const end = used + RANDOM_LENGTH; used < end; used++) {
    out += ALPHABET[(pool[used] ?? 0) % ALPHABET.length];
    // What became part of an id is never used again.
    pool[used] = 0;
  }
  return out;
}

/** Makes an id such as `svc_01KAM2Q8ZT5W3M0C9N4V7XJ6RD`; `at` is the creation time. */
export function newId(kind: IdKind, at: Date = new Date()): string {
  return `${kind}_${encodeTime(at.getTime())}${randomLetters()}`;
}
