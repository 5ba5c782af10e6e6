/** The squares of a QR code (ISO/IEC 18004, versions 1 to 10): fixed patterns, data, and the mask that reads best. Pure. */
import { codewordsOf, versionFor } from "./codewords.ts";
import { penaltyOf } from "./penalty.ts";

/** Rows of modules; true is dark. */
export type Matrix = boolean[][];

const ALIGNMENT: readonly (readonly number[])[] = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
/** Level L in the format bits. */
const LEVEL_BITS = 0b01;
const VERSION_BITS_FROM = 7;

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The value followed by its BCH check bits. */
function withCheck(value: number, polynomial: number): number {
  const degree = 31 - Math.clz32(polynomial);
  let rest = value << degree;
  while (rest >= 1 << degree) rest ^= polynomial << (31 - Math.clz32(rest) - degree);
  return (value << degree) | rest;
}

/** A canvas that knows which modules are fixed. */
class Canvas {
  readonly size: number;
  readonly dark: Matrix;
  readonly fixed: Matrix;

  constructor(version: number) {
    this.size = 17 + 4 * version;
    const blank = () => Array.from({ length: this.size }, () => Array.from({ length: this.size }, () => false));
    [this.dark, this.fixed] = [blank(), blank()];
  }

  fix(x: number, y: number, isDark: boolean): void {
    const [row, mark] = [this.dark[y], this.fixed[y]];
    if (!row || !mark || x < 0 || x >= this.size) return;
    row[x] = isDark;
    mark[x] = true;
  }
}

/** A finder (distance 3) or alignment pattern (distance 2) around its middle, with the finder's light rim. */
function drawRings(canvas: Canvas, middle: { x: number; y: number }, reach: number): void {
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const distance = Math.max(Math.abs(dx), Math.abs(dy));
      canvas.fix(middle.x + dx, middle.y + dy, reach === 4 ? distance !== 2 && distance !== 4 : distance !== 1);
    }
  }
}

function drawFixed(canvas: Canvas, version: number): void {
  const { size } = canvas;
  for (let at = 0; at < size; at++) {
    canvas.fix(6, at, at % 2 === 0);
    canvas.fix(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) drawRings(canvas, { x, y }, 4);
  const positions = ALIGNMENT[version - 1] ?? [];
  const last = positions.at(-1) ?? 0;
  for (const x of positions) {
    for (const y of positions) {
      const isFinder = (x === 6 && (y === 6 || y === last)) || (x === last && y === 6);
      if (!isFinder) drawRings(canvas, { x, y }, 2);
    }
  }
  drawFormat(canvas, 0);
  if (version >= VERSION_BITS_FROM) drawVersion(canvas, version);
}

function drawFormat(canvas: Canvas, mask: number): void {
  const bits = withCheck((LEVEL_BITS << 3) | mask, 0x537) ^ 0x5412;
  const bit = (at: number) => ((bits >>> at) & 1) === 1;
  const { size } = canvas;
  for (let at = 0; at < 15; at++) {
    // Around the upper left finder, then along the other two.
    if (at < 8) canvas.fix(8, at < 6 ? at : at + 1, bit(at));
    else canvas.fix(at === 8 ? 7 : 14 - at, 8, bit(at));
    if (at < 8) canvas.fix(size - 1 - at, 8, bit(at));
    else canvas.fix(8, size - 15 + at, bit(at));
  }
  canvas.fix(8, size - 8, true);
}

function drawVersion(canvas: Canvas, version: number): void {
  const bits = withCheck(version, 0x1f25);
  for (let at = 0; at < 18; at++) {
    const [far, near] = [canvas.size - 11 + (at % 3), Math.floor(at / 3)];
    canvas.fix(far, near, ((bits >>> at) & 1) === 1);
    canvas.fix(near, far, ((bits >>> at) & 1) === 1);
  }
}

/** Fills what is not fixed: two columns at a time from the right, up and down in turn, past the timing column. */
function drawData(canvas: Canvas, words: readonly number[]): void {
  const { size } = canvas;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = canvas.dark[y];
        if (!row || canvas.fixed[y]?.[x]) continue;
        row[x] = (((words[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1) === 1;
        at += 1;
      }
    }
  }
}

function masked(canvas: Canvas, mask: number): Matrix {
  const applies = MASKS[mask] ?? (() => false);
  drawFormat(canvas, mask);
  return canvas.dark.map((row, y) => row.map((isDark, x) => (canvas.fixed[y]?.[x] ? isDark : isDark !== applies(x, y))));
}

/** The QR code of a text; null when it is longer than 271 bytes. */
export function qrMatrix(text: string): Matrix | null {
  const bytes = new TextEncoder().encode(text);
  const version = versionFor(bytes.length);
  if (version === null) return null;
  const canvas = new Canvas(version);
  drawFixed(canvas, version);
  drawData(canvas, codewordsOf(bytes, version));
  const candidates = MASKS.map((_mask, index) => masked(canvas, index));
  return candidates.reduce((best, next) => (penaltyOf(next) < penaltyOf(best) ? next : best));
}
