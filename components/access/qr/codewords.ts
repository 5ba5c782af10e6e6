/** The bytes of a QR code (ISO/IEC 18004): byte mode, error correction level L, versions 1 to 10. Pure. */

/** Per version: error correction codewords a block, then data codewords of each block. */
const BLOCKS: readonly (readonly [number, readonly number[]])[] = [
  [7, [19]],
  [10, [34]],
  [15, [55]],
  [20, [80]],
  [26, [108]],
  [18, [68, 68]],
  [20, [78, 78]],
  [24, [97, 97]],
  [30, [116, 116]],
  [18, [68, 68, 69, 69]],
];
/** From this version on the length takes two bytes. */
const LONG_COUNT_FROM = 10;
const BYTE_MODE = 0b0100;
const PADDING = [0xec, 0x11];

const capacityOf = (version: number) => (BLOCKS[version - 1]?.[1] ?? []).reduce((sum, size) => sum + size, 0);

/** The smallest version that holds this many bytes; null when version 10 does not. */
export function versionFor(length: number): number | null {
  const found = BLOCKS.findIndex((_blocks, index) => length <= capacityOf(index + 1) - (index + 1 >= LONG_COUNT_FROM ? 3 : 2));
  return found < 0 ? null : found + 1;
}

// Arithmetic in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1.
const EXP: number[] = [];
const LOG: number[] = [];
for (let [power, value] = [0, 1]; power < 255; power++) {
  EXP[power] = value;
  LOG[value] = power;
  value <<= 1;
  if (value > 255) value ^= 0x11d;
}
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : (EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0));

/** The product of (x − 2^i), without its leading one. */
function generator(degree: number): number[] {
  let poly = [1];
  for (let i = 0; i < degree; i++) {
    const root = EXP[i] ?? 0;
    poly = [...poly, 0].map((coefficient, at) => coefficient ^ times(poly[at - 1] ?? 0, root));
  }
  return poly.slice(1);
}

function remainderOf(data: readonly number[], divisor: readonly number[]): number[] {
  const rest = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (const [at, coefficient] of divisor.entries()) rest[at] = (rest[at] ?? 0) ^ times(coefficient, factor);
  }
  return rest;
}

function dataCodewords(bytes: Uint8Array, version: number): number[] {
  const countBits = version >= LONG_COUNT_FROM ? 16 : 8;
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1);
  };
  put(BYTE_MODE, 4);
  put(bytes.length, countBits);
  for (const byte of bytes) put(byte, 8);
  const capacity = capacityOf(version);
  put(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8 > 0) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, at) => bits.slice(at * 8, at * 8 + 8).reduce((value, bit) => value * 2 + bit, 0));
  for (let at = 0; words.length < capacity; at++) words.push(PADDING[at % 2] ?? 0);
  return words;
}

/** All codewords in the order they are drawn: blocks interleaved, data first, then error correction. */
export function codewordsOf(bytes: Uint8Array, version: number): number[] {
  const [ecLength, sizes] = BLOCKS[version - 1] ?? [0, []];
  const data = dataCodewords(bytes, version);
  const divisor = generator(ecLength);
  let start = 0;
  const blocks = sizes.map((size) => data.slice(start, (start += size)));
  const checks = blocks.map((block) => remainderOf(block, divisor));
  const interleave = (columns: number[][]) => Array.from({ length: Math.max(...columns.map((column) => column.length)) }, (_, at) => columns.flatMap((column) => column[at] ?? [])).flat();
  return [...interleave(blocks), ...interleave(checks)];
}
