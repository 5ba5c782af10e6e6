/**
 * Patterns that people write, on a megabyte that is made to hurt them: processor time of each, so that other work on the machine does
 * not count, and how far it is from linear.
 */
import { compilePattern } from "../server/platform/regex.ts";
import type { Figure } from "./figure.ts";

/** Classic traps of backtracking engines. */
const TRAPS = ["^(a+)+$", "(.*a){20}[bc]", "(x+x+)+[yz]", "(a|aa)+[bc]$", "(?:a|b)*a(?:a|b){20}[ce]"];
const MEGABYTE = 1_048_576;
const RUNS = 7;
const MICROSECONDS = 1_000;

const subject = (length: number): string => `${"a".repeat(length - 1)}!`;

function medianMs(pattern: string, text: string): number {
  const compiled = compilePattern(pattern);
  compiled.search(text);
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    compiled.search(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / MICROSECONDS;
  }).toSorted((a, b) => a - b);
  return times[Math.floor(RUNS / 2)] ?? Number.NaN;
}

/** Runs the bench: milliseconds on a megabyte, and the growth from an eighth of it (1 is linear). */
export function run(): Promise<Figure[]> {
  const whole = TRAPS.map((pattern) => medianMs(pattern, subject(MEGABYTE)));
  const growth = TRAPS.map((pattern) => medianMs(pattern, subject(MEGABYTE / 8)) / medianMs(pattern, subject(MEGABYTE / 64)) / 8);
  return Promise.resolve([
    { name: "pattern-megabyte", value: Math.max(...whole), unit: "ms", goal: "<=100", note: "processor time of the slowest of five traps" },
    { name: "pattern-growth", value: Math.max(...growth), unit: "ratio", goal: "<=2", note: "time per character, eight times the text" },
  ]);
}
