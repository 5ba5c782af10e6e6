/**
 * The files of a suite or a commit as pages: sorted by path, cut where a path's own hash says so, packed and named by
 * their content. A commit that changes a few files makes a few new pages; the others are the pages it shares with every
 * commit before. So twenty thousand files over five thousand commits stay small.
 */
import { hash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { breathe } from "./breath.ts";
import type { Count, Totals } from "./schema/index.ts";

/** One file: where its record is (null when only totals are known), and its totals. */
export type Entry = { path: string; record: string | null; totals: Totals };

/** A page's name, hex of 16 bytes of SHA-256: no two contents meet by chance. */
export const NAME_BYTES = 16;
/** On average so many files a page; a power of two. */
const PAGE_FILES = 64;
/** And never more. */
const MOST_PAGE_FILES = 512;
/** Pages packed between two breaths. */
const PAGES_A_BREATH = 20;

/** The name of some content. */
export function nameOf(content: Uint8Array): string {
  return hash("sha256", content, "hex").slice(0, NAME_BYTES * 2);
}

/** FNV-1a, 32 bits: cheap, and the same on every machine. */
function pathHash(path: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) value = Math.imul(value ^ path.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

type Packed = [path: string, record: string | null, ...counts: (number | null)[]];

const flat = (count: Count | null): [number | null, number | null] => (count ? [count.covered, count.total] : [null, null]);
const unflat = (covered: number | null | undefined, total: number | null | undefined): Count | null => (covered === null || covered === undefined || total === null || total === undefined ? null : { covered, total });

const packEntry = ({ path, record, totals }: Entry): Packed => [path, record, ...flat(totals.lines), ...flat(totals.branches), ...flat(totals.functions), ...flat(totals.statements)];
const unpackEntry = ([path, record, a, b, c, d, e, f, g, h]: Packed): Entry => ({ path, record, totals: { lines: unflat(a, b), branches: unflat(c, d), functions: unflat(e, f), statements: unflat(g, h) } });

export type Page = { name: string; data: Buffer };

/** Cuts entries into pages. Their order does not matter; equal entries make equal pages. */
export async function toPages(entries: Iterable<Entry>): Promise<Page[]> {
  const sorted = [...entries].toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const pages: Page[] = [];
  let open: Packed[] = [];
  const close = () => {
    if (open.length === 0) return;
    const text = Buffer.from(JSON.stringify(open));
    pages.push({ name: nameOf(text), data: zstdCompressSync(text) });
    open = [];
  };
  for (const entry of sorted) {
    open.push(packEntry(entry));
    if ((pathHash(entry.path) & (PAGE_FILES - 1)) !== 0 && open.length < MOST_PAGE_FILES) continue;
    close();
    if (pages.length % PAGES_A_BREATH === 0) await breathe();
  }
  close();
  return pages;
}

/** Reads a page back. */
export function fromPage(data: Uint8Array): Entry[] {
  return (JSON.parse(zstdDecompressSync(data).toString("utf8")) as Packed[]).map(unpackEntry);
}

/** Page names as the bytes that a row keeps. */
export const packNames = (names: readonly string[]): Buffer => Buffer.from(names.join(""), "hex");

/** And back, in order. */
export function unpackNames(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString("hex");
  return Array.from({ length: text.length / (NAME_BYTES * 2) }, (_, index) => text.slice(index * NAME_BYTES * 2, (index + 1) * NAME_BYTES * 2));
}
