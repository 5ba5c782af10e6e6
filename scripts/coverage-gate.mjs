#!/usr/bin/env node
/**
 * `npm run coverage:gate`: holds the last test run's coverage to the project's own floors and says by how much it misses
 * them. Compares in hundredths of a percent, as whole numbers, so that 84.995 is never rounded up to a pass.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

/** The floors of docs/architecture.md, in percent. */
export const FLOORS = { statements: 85, lines: 85, functions: 85, branches: 80 };

/** Covered share in hundredths of a percent, rounded down; nothing to cover is covered. */
export function shareOf({ covered, total }) {
  return total === 0 ? 10_000 : Number((BigInt(covered) * 10_000n) / BigInt(total));
}

/** One line a measure, and whether all hold. */
export function judge(totals, floors = FLOORS) {
  const rows = Object.entries(floors).map(([measure, floor]) => {
    const counts = totals[measure];
    if (!counts) return { measure, holds: false, text: `${measure}: not measured` };
    const share = shareOf(counts);
    const missing = floor * 100 - share;
    const text = `${measure}: ${(share / 100).toFixed(2)} % of ${floor} %${missing > 0 ? `, ${(missing / 100).toFixed(2)} points short` : ""}`;
    return { measure, holds: missing <= 0, text };
  });
  return { holds: rows.every(({ holds }) => holds), lines: rows.map(({ holds, text }) => `${holds ? "✓" : "✗"} ${text}`) };
}

function main() {
  const file = path.resolve(import.meta.dirname, "../coverage/coverage-summary.json");
  const { holds, lines } = judge(JSON.parse(readFileSync(file, "utf8")).total);
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = holds ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) main();
