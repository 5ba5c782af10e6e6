/**
 * Whether a backup looks like the ones before it. A dump that lost its rows succeeds all the same; this is what notices.
 * Pure: facts in, reasons out, each a sentence for people. An empty answer means that nothing stands out.
 */
import { countInWords, MEBIBYTE } from "./units.ts";
import type { Content } from "./schema/manifest.ts";
import { matchesGlob } from "./glob.ts";

export type Suspicion = { code: "empty" | "size" | "lost-tables" | "lost-rows" | "lost-files"; message: string };

export type Look = { bytes: number; plainBytes: number; content: Content };

export type Expectation = {
  /** Good backups of the plan before this one, newest first. */
  before: readonly Look[];
  /** What the plan says a backup should weigh; used until there are enough backups for a median. */
  expectedBytes: number | null;
  /** Globs over `schema.table` whose rows come and go. */
  volatileTables: readonly string[];
};

/** Backups that the median is taken over. */
export const TRAILING = 10;
/** Fewer sizes than this make no median. */
const FEWEST_SIZES = 3;
const SIZE_SHARE = 0.2;
const ROW_SHARE = 0.5;
/** A change smaller than this is everyday business in a small database, whatever its share. */
const LEAST_CHANGE_BYTES = MEBIBYTE;
/** Half of a handful of rows is no loss worth a warning. */
const LEAST_ROWS = 20;
const NAMED = 5;

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const listed = (names: readonly string[]) => names.slice(0, NAMED).join(", ") + (names.length > NAMED ? ` and ${names.length - NAMED} more` : "");

function emptiness({ plainBytes, content }: Look): Suspicion[] {
  const isEmpty = plainBytes === 0 || (content.kind === "database" ? content.tables.length === 0 : content.files === 0);
  if (!isEmpty) return [];
  return [{ code: "empty", message: content.kind === "database" ? "The backup holds no table." : "The backup holds no file." }];
}

function sizeChange({ bytes }: Look, { before, expectedBytes }: Expectation): Suspicion[] {
  const sizes = before.slice(0, TRAILING).map((look) => look.bytes);
  const usual = sizes.length >= FEWEST_SIZES ? median(sizes) : expectedBytes;
  if (usual === null || usual === 0) return [];
  const change = (bytes - usual) / usual;
  if (Math.abs(change) <= SIZE_SHARE || Math.abs(bytes - usual) < LEAST_CHANGE_BYTES) return [];
  const percent = Math.round(Math.abs(change) * 100);
  const against = sizes.length >= FEWEST_SIZES ? `the median of the last ${sizes.length} backups` : "the size the plan expects";
  return [{ code: "size", message: `It is ${percent} % ${change < 0 ? "smaller" : "larger"} than ${against}.` }];
}

function losses(now: Content, last: Content | undefined, volatileTables: readonly string[]): Suspicion[] {
  if (last === undefined) return [];
  if (now.kind !== "database" || last.kind !== "database") return lostFiles(now, last);
  const isJudged = (name: string) => !volatileTables.some((glob) => matchesGlob(glob, name));
  const rowsNow = new Map(now.tables.map((table) => [`${table.schema}.${table.name}`, table.rows]));
  const former = last.tables.map((table) => ({ name: `${table.schema}.${table.name}`, rows: table.rows })).filter(({ name }) => isJudged(name));
  const gone = former.filter(({ name }) => !rowsNow.has(name)).map(({ name }) => name);
  const emptied = former
    .filter(({ name, rows }) => rows >= LEAST_ROWS && (rowsNow.get(name) ?? rows) < rows * (1 - ROW_SHARE))
    .map(({ name, rows }) => `${name} (${countInWords(rows)} to ${countInWords(rowsNow.get(name) ?? 0)})`);
  return [
    ...(gone.length > 0 ? [{ code: "lost-tables" as const, message: `${gone.length === 1 ? "A table is" : `${gone.length} tables are`} gone since the backup before: ${listed(gone)}.` }] : []),
    ...(emptied.length > 0 ? [{ code: "lost-rows" as const, message: `More than half of the rows are gone since the backup before: ${listed(emptied)}.` }] : []),
  ];
}

function lostFiles(now: Content, last: Content): Suspicion[] {
  if (now.kind === "database" || last.kind === "database" || last.files < LEAST_ROWS || now.files >= last.files * (1 - ROW_SHARE)) return [];
  return [{ code: "lost-files", message: `More than half of the files are gone since the backup before: ${countInWords(last.files)} to ${countInWords(now.files)}.` }];
}

/** Why a backup stands out; empty when it does not. */
export function suspicionsOf(look: Look, expectation: Expectation): Suspicion[] {
  const empty = emptiness(look);
  // Everything else follows from emptiness and would only repeat it.
  if (empty.length > 0) return empty;
  return [...sizeChange(look, expectation), ...losses(look.content, expectation.before[0]?.content, expectation.volatileTables)];
}
