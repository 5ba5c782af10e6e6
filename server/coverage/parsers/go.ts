/**
 * Go cover profiles (golang.org/x/tools/cover): `mode: set|count|atomic`, then `file:line.column,line.column statements
 * count`. A line is hit as often as the most executed block on it; each block counts with its number of statements. The
 * same block may stand in a merged profile several times.
 */
import { addPoint, MOST_LINE, newPoints } from "../lines/points.ts";
import { pack, type ReportBuilder } from "../report.ts";
import { lineReader } from "./lines-of-text.ts";
import { toCount, type ChunkReader } from "./reader.ts";

const BLOCK = /^(.+):(\d{1,9})\.(\d{1,9}),(\d{1,9})\.(\d{1,9}) (\d{1,9}) (\S+)$/;
/** More statements than any block of a program has. */
const MOST_STATEMENTS = 10_000;
/** More lines than any block has. */
const MOST_BLOCK_LINES = 100_000;

type Block = { first: number; last: number; statements: number; hits: number };

function packBlocks(blocks: Iterable<Block>) {
  const byLine = new Map<number, number>();
  const statements = newPoints();
  for (const { first, last, statements: count, hits } of blocks) {
    for (let line = first; line <= last; line++) byLine.set(line, Math.max(byLine.get(line) ?? 0, hits));
    for (let i = 0; i < count; i++) addPoint(statements, first, hits);
  }
  const lines = newPoints();
  for (const [line, hits] of byLine) addPoint(lines, line, hits);
  return pack({ lines, statements, branches: null, functions: null });
}

/** Reads chunks of a profile into `report`. */
export function goReader(report: ReportBuilder): ChunkReader {
  let path = "";
  let blocks = new Map<string, Block>();
  const flush = () => {
    if (blocks.size > 0) report.add(path, packBlocks(blocks.values()));
    blocks = new Map();
  };
  const add = (text: string) => {
    const match = BLOCK.exec(text);
    if (!match) return;
    const [, file = "", first, startColumn, last, endColumn, count, hitText] = match;
    if (file !== path) flush();
    path = file;
    const hits = toCount(hitText);
    if (hits === null) report.noteBadNumber();
    const [from, to] = [Number(first), Number(last)];
    if (to > MOST_LINE || to < from || to - from > MOST_BLOCK_LINES) return report.noteBadNumber();
    const place = `${from}.${startColumn},${to}.${endColumn}`;
    const known = blocks.get(place);
    blocks.set(place, { first: from, last: to, statements: Math.min(Number(count), MOST_STATEMENTS), hits: Math.max(hits ?? 0, known?.hits ?? 0) });
  };
  return lineReader(add, flush);
}
