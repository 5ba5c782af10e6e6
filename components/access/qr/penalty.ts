/** How hard a QR code is to read (ISO/IEC 18004, section 7.8.3); the mask with the least wins. Pure. */

const RUN = 3;
const SQUARE = 3;
const FALSE_FINDER = 40;
const BALANCE = 10;
const FINDERS = ["10111010000", "00001011101"];

function penaltyOfLine(line: string): number {
  let sum = 0;
  for (const run of line.match(/0{5,}|1{5,}/g) ?? []) sum += RUN + run.length - 5;
  for (const finder of FINDERS) for (let at = line.indexOf(finder); at >= 0; at = line.indexOf(finder, at + 1)) sum += FALSE_FINDER;
  return sum;
}

/** The sum of the four penalties. */
export function penaltyOf(matrix: readonly (readonly boolean[])[]): number {
  const rows = matrix.map((row) => row.map((isDark) => (isDark ? "1" : "0")).join(""));
  const columns = rows.map((_row, x) => rows.map((row) => row[x]).join(""));
  let sum = [...rows, ...columns].reduce((total, line) => total + penaltyOfLine(line), 0);
  for (let y = 1; y < rows.length; y++) {
    for (let x = 1; x < rows.length; x++) {
      const square = `${rows[y - 1]?.slice(x - 1, x + 1)}${rows[y]?.slice(x - 1, x + 1)}`;
      if (square === "0000" || square === "1111") sum += SQUARE;
    }
  }
  const dark = rows.join("").replaceAll("0", "").length / rows.length ** 2;
  return sum + BALANCE * Math.floor(Math.abs(dark * 20 - 10));
}
