import { describe, expect, test } from "vitest";
import { compilePattern } from "./regex.ts";

describe("patterns", () => {
  test.each([
    ["ok", "it is ok", true],
    ["^ok$", "it is ok", false],
    ['"status":\\s*"(ok|up)"', '{"status": "up"}', true],
    ["(?i)ÄPFEL", "äpfel", true],
  ])("%s in %j: %s", (pattern, text, isMatch) => {
    expect(compilePattern(pattern).search(text)).toEqual({ isMatch, isComplete: true });
  });
  test.each(["(a", "a{2,1}", "[z-a]", "(?=a)", "\\1", "*"])("refuses %s", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
  test("refuses long and endlessly repeating patterns", () => {
    expect(() => compilePattern("a".repeat(513))).toThrow("longer than 512");
    expect(() => compilePattern("((a|b){0,30}a){10}c")).toThrow("repeats too much");
  });
  test.each(["^(a+)+$", "(.*a){20}[bc]", "(x+x+)+[yz]", "(a|aa)+[bc]$", "(?:a|b)*a(?:a|b){20}[ce]"])("%s on a megabyte comes to an end (T22)", (pattern) => {
    const compiled = compilePattern(pattern);
    const before = process.cpuUsage();
    expect(compiled.search(`${"a".repeat(1_048_575)}!`).isMatch).toBe(false);
    // Tens of milliseconds of processor time; counting coverage costs tenfold. Backtracking would not end at 31 characters.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });
  test("says when a text was longer than what was searched", () => {
    expect(compilePattern("[xy]z").search("a".repeat(2_000_000)).isComplete).toBe(false);
  });
});
