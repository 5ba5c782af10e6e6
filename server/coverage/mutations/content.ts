/**
 * Writes what is named by its content. What is there already is only marked as used today, so pruning keeps it. Rows go
 * in order of their names, so that two uploads at once wait for each other and never for ever.
 */
import { zstdCompressSync } from "node:zlib";
import type { Context } from "../../platform/context.ts";
import { Prisma } from "../../platform/db.ts";
import { breathe } from "../breath.ts";
import { NAME_BYTES, nameOf, packNames, type Page } from "../manifest.ts";

type Named = { name: string; data: Uint8Array };

/** Bytes and rows sent by one statement: packing them for the database holds the process for a few milliseconds. */
const BATCH_BYTES = 512 * 1_024;
const BATCH_ROWS = 1_500;

function* batches(rows: readonly Named[]): Generator<Named[]> {
  let open: Named[] = [];
  let bytes = 0;
  for (const row of rows) {
    open.push(row);
    bytes += row.data.length;
    if (bytes < BATCH_BYTES && open.length < BATCH_ROWS) continue;
    yield open;
    open = [];
    bytes = 0;
  }
  if (open.length > 0) yield open;
}

async function save(ctx: Context, table: "coverage_record" | "coverage_page" | "coverage_text", rows: readonly Named[]): Promise<void> {
  const sorted = rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const into = Prisma.raw(table);
  for (const batch of batches(sorted)) {
    await breathe();
    let at = 1;
    const from = batch.map(({ data }) => (at += data.length) - data.length);
    const names = packNames(batch.map(({ name }) => name));
    const bytes = Buffer.concat(batch.map(({ data }) => data));
    const lengths = batch.map(({ data }) => data.length);
    await ctx.db.$executeRaw`
      INSERT INTO ${into} AS kept (name, data, used_on)
      SELECT substring(${names}::bytea FROM (part.n - 1)::int * ${NAME_BYTES}::int + 1 FOR ${NAME_BYTES}::int), substring(${bytes}::bytea FROM part.start FOR part.size), ${ctx.now()}::timestamptz::date
      FROM unnest(${from}::int[], ${lengths}::int[]) WITH ORDINALITY AS part(start, size, n)
      ORDER BY part.n
      ON CONFLICT (name) DO UPDATE SET used_on = excluded.used_on WHERE kept.used_on < excluded.used_on`;
  }
}

/** Keeps records of files. */
export async function saveRecords(ctx: Context, records: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await save(ctx, "coverage_record", [...records].map(([name, data]) => ({ name, data })));
}

/** Keeps pages and returns their names as a row holds them. */
export async function savePages(ctx: Context, pages: readonly Page[]): Promise<Buffer<ArrayBuffer>> {
  await save(ctx, "coverage_page", pages);
  return Buffer.from(packNames(pages.map(({ name }) => name)));
}

/** Keeps texts of source files. Returns their names in the given order. */
export async function saveTexts(ctx: Context, texts: readonly string[]): Promise<string[]> {
  const named = texts.map((text) => ({ name: nameOf(Buffer.from(text)), data: zstdCompressSync(text) }));
  await save(ctx, "coverage_text", [...new Map(named.map((one) => [one.name, one])).values()]);
  return named.map(({ name }) => name);
}
