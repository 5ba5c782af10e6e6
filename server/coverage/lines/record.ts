/**
 * One file's coverage as bytes, so that equal coverage is equal bytes and is stored once. Per measure: the number of points
 * as a varint, then for each point a varint of (distance to the line before) × 16 + class of hits. Hits are kept exactly
 * up to 3 and then as "at least 4, 8, 16, …": a test that loops once more must not make a new record.
 */
import type { Measure, Totals } from "../schema/measures.ts";
import { MEASURES } from "../schema/measures.ts";
import { addPoint, countPoints, mergePoints, newPoints, settle, type Points } from "./points.ts";

/** What a report says about one file; a measure that its format does not know is null. */
export type FileCoverage = Record<Measure, Points | null>;

const EXACT = 3;
const MOST_CLASS = 15;
/** Bytes a point needs at most: 28 bits of distance and 4 of class. */
const POINT_BYTES = 5;

/** 0 to 3 as they are; class c from 4 on means at least 2^(c-2). */
export function classOf(hits: number): number {
  if (hits <= EXACT) return hits;
  return Math.min(MOST_CLASS, 31 - Math.clz32(hits) + 2);
}

/** The least number of hits that has the class. */
export function hitsOf(hitClass: number): number {
  return hitClass <= EXACT ? hitClass : 2 ** (hitClass - 2);
}

/** Set while a record is written; large enough for the largest file seen, shared because writing never waits. */
let scratch = Buffer.allocUnsafe(65_536);

function ensureRoom(bytes: number): void {
  if (scratch.length < bytes) scratch = Buffer.allocUnsafe(bytes * 2);
}

function writeVarint(value: number, from: number): number {
  let rest = value;
  let at = from;
  while (rest > 0x7f) {
    scratch[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  scratch[at++] = rest;
  return at;
}

function writePoints(points: Points, from: number, isBinary: boolean): number {
  let at = writeVarint(points.length, from);
  let line = 0;
  for (let i = 0; i < points.length; i++) {
    const hits = points.hits[i]!;
    const entry = ((points.at[i]! - line) << 4) | (isBinary ? Number(hits > 0) : hits <= EXACT ? hits : classOf(hits));
    line = points.at[i]!;
    if (entry < 0x80) scratch[at++] = entry;
    else at = writeVarint(entry, at);
  }
  return at;
}

/** Writes a file. Sorts its points on the way. */
export function encodeRecord(file: FileCoverage): Buffer {
  let mask = 0;
  let points = 0;
  for (const [index, measure] of MEASURES.entries()) {
    const list = file[measure];
    if (!list) continue;
    mask |= 1 << index;
    settle(list, measure === "lines");
    points += list.length + 1;
  }
  ensureRoom(1 + points * POINT_BYTES);
  scratch[0] = mask;
  let at = 1;
  for (const measure of MEASURES) {
    const list = file[measure];
    if (list) at = writePoints(list, at, measure !== "lines");
  }
  return Buffer.from(scratch.subarray(0, at));
}

/** Reads a file back; hits are the least of their class. Throws RangeError for bytes that no `encodeRecord` wrote. */
export function decodeRecord(data: Uint8Array): FileCoverage {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = data[at++];
      if (byte === undefined) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError("The coverage record is damaged.");
  };
  const mask = varint();
  const read = (): Points => {
    const points = newPoints();
    const length = varint();
    let line = 0;
    for (let i = 0; i < length; i++) {
      const entry = varint();
      line += entry >>> 4;
      addPoint(points, line, hitsOf(entry & MOST_CLASS));
    }
    points.isSorted = true;
    return points;
  };
  const [lines, branches, functions, statements] = MEASURES.map((_, index) => (mask & (1 << index) ? read() : null));
  return { lines: lines ?? null, branches: branches ?? null, functions: functions ?? null, statements: statements ?? null };
}

const mergeMeasure = (a: Points | null, b: Points | null): Points | null => (a && b ? mergePoints(a, b) : (a ?? b));

/** Joins two accounts of one file. */
export function mergeFiles(a: FileCoverage, b: FileCoverage): FileCoverage {
  return {
    lines: mergeMeasure(a.lines, b.lines),
    branches: mergeMeasure(a.branches, b.branches),
    functions: mergeMeasure(a.functions, b.functions),
    statements: mergeMeasure(a.statements, b.statements),
  };
}

/** Counts each measure of a file whose points are settled. */
export function totalsOf(file: FileCoverage): Totals {
  return {
    lines: file.lines && countPoints(file.lines),
    branches: file.branches && countPoints(file.branches),
    functions: file.functions && countPoints(file.functions),
    statements: file.statements && countPoints(file.statements),
  };
}
