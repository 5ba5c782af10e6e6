/** Reads what is named by its content: records of files, pages of files. Names travel as one binary value, which is fast. */
import type { Context } from "../../platform/context.ts";
import { breathe } from "../breath.ts";
import { fromPage, NAME_BYTES, nameOf, packNames, unpackNames, type Entry } from "../manifest.ts";

/** Records fetched by one statement. */
const BATCH = 5_000;

type Row = { name: Uint8Array; data: Uint8Array };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Records by name. A name that is gone is not in the map. */
export async function readRecords(ctx: Context, names: readonly string[]): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < names.length; at += BATCH) {
    const some = names.slice(at, at + BATCH);
    const rows = await ctx.db.$queryRaw<Row[]>`
      SELECT name, data FROM coverage_record
      WHERE name = ANY (ARRAY(SELECT substring(${packNames(some)}::bytea FROM i * ${NAME_BYTES}::int + 1 FOR ${NAME_BYTES}::int) FROM generate_series(0, ${some.length - 1}::int) i))`;
    for (const { name, data } of rows) found.set(hex(name), Buffer.from(data));
  }
  return found;
}

/** Lists of files kept in this process: a page of the console asks for the same one several times. Content never changes. */
const MOST_KEPT = 4;
const kept = new Map<string, readonly Entry[]>();

function keep(key: string, entries: readonly Entry[]): void {
  kept.delete(key);
  kept.set(key, entries);
  for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
}

/** The files that some pages hold, in the pages' order. Pages that are gone are left out. Do not change what it returns. */
export async function readEntries(ctx: Context, pages: Uint8Array | null): Promise<readonly Entry[]> {
  if (!pages || pages.length === 0) return [];
  const key = nameOf(pages);
  const entries = kept.get(key) ?? (await fetchEntries(ctx, pages));
  keep(key, entries);
  return entries;
}

/** Pages unpacked between two breaths: some milliseconds of work. */
const PAGES_A_BREATH = 40;

async function fetchEntries(ctx: Context, pages: Uint8Array): Promise<Entry[]> {
  const names = unpackNames(pages);
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT name, data FROM coverage_page
    WHERE name = ANY (ARRAY(SELECT substring(${Buffer.from(pages)}::bytea FROM i * ${NAME_BYTES}::int + 1 FOR ${NAME_BYTES}::int) FROM generate_series(0, ${names.length - 1}::int) i))`;
  const byName = new Map(rows.map(({ name, data }) => [hex(name), data]));
  const entries: Entry[] = [];
  for (const [index, name] of names.entries()) {
    const data = byName.get(name);
    if (data) for (const entry of fromPage(data)) entries.push(entry);
    if (index % PAGES_A_BREATH === PAGES_A_BREATH - 1) await breathe();
  }
  return entries;
}
