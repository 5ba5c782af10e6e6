/** Reads what is named by its content: records of files, pages of files. Names travel as one binary value, which is fast. */
import type { Context } from "../../platform/context.ts";
import { fromPage, NAME_BYTES, packNames, unpackNames, type Entry } from "../manifest.ts";

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

/** The files that some pages hold, in the pages' order. Pages that are gone are left out. */
export async function readEntries(ctx: Context, pages: Uint8Array | null): Promise<Entry[]> {
  if (!pages || pages.length === 0) return [];
  const names = unpackNames(pages);
  const rows = await ctx.db.$queryRaw<Row[]>`
    SELECT name, data FROM coverage_page
    WHERE name = ANY (ARRAY(SELECT substring(${Buffer.from(pages)}::bytea FROM i * ${NAME_BYTES}::int + 1 FOR ${NAME_BYTES}::int) FROM generate_series(0, ${names.length - 1}::int) i))`;
  const byName = new Map(rows.map(({ name, data }) => [hex(name), data]));
  return names.flatMap((name) => {
    const data = byName.get(name);
    return data ? fromPage(data) : [];
  });
}
