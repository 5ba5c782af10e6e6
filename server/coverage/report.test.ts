/** How a report is put together: files joined, paths placed, what could not be used said. */
import { describe, expect, test } from "vitest";
import { addPoint, newPoints, type Points } from "./lines/points.ts";
import { joinPacked, newReport, pack, reportTotals, type PackedFile } from "./report.ts";
import { NO_TOTALS } from "./schema/measures.ts";

const points = (...hits: number[]): Points => {
  const all = newPoints();
  for (const [index, count] of hits.entries()) addPoint(all, index + 1, count);
  return all;
};
const file = (...hits: number[]): PackedFile => pack({ lines: points(...hits), branches: null, functions: null, statements: null });
const onlyTotals = (covered: number | null): PackedFile => ({ data: null, totals: { ...NO_TOTALS, lines: covered === null ? null : { covered, total: 10 } } });

describe("two accounts of one file", () => {
  test("are joined line by line", () => {
    expect(joinPacked(file(1, 0, 0), file(0, 1, 0)).totals.lines).toEqual({ covered: 2, total: 3 });
  });

  test("that are the same stay one", () => {
    const one = file(1, 0);
    expect(joinPacked(one, file(1, 0))).toBe(one);
  });

  test("of which one has lines: the lines win", () => {
    const detailed = file(0, 0);
    expect(joinPacked(detailed, onlyTotals(10))).toBe(detailed);
    expect(joinPacked(onlyTotals(10), detailed)).toBe(detailed);
  });

  test.each([
    [5, 7, 7],
    [7, 5, 7],
    [null, 5, 5],
    [5, null, 5],
  ])("of totals %s and %s keep the better", (a, b, kept) => {
    expect(joinPacked(onlyTotals(a), onlyTotals(b)).totals.lines?.covered).toBe(kept);
  });
});

describe("a whole report", () => {
  test("joins names that are one path, and says what it left out", async () => {
    const report = newReport();
    report.add("src/a.ts", file(1, 0));
    report.add("src/a.ts", file(0, 1));
    report.add("./src/../src/a.ts", file(0, 0));
    report.add("../outside.ts", file(1));
    report.noteBadNumber();
    const parsed = await report.finish("lcov", {});
    expect([...parsed.files.keys()]).toEqual(["src/a.ts"]);
    expect(reportTotals(parsed).lines).toEqual({ covered: 2, total: 2 });
    expect(parsed.notes).toEqual(["1 file left out: outside the repository, or a path that cannot be one.", "1 counts were no counts and are taken as not hit."]);
  });

  test("without trouble has no notes; several left out are counted", async () => {
    const clean = newReport();
    clean.add("a.ts", file(1));
    expect((await clean.finish("go", {})).notes).toEqual([]);
    const partly = newReport();
    for (const name of ["a.ts", "../b.ts", "../c.ts"]) partly.add(name, file(1));
    expect((await partly.finish("go", {})).notes[0]).toMatch(/^2 files left out/);
  });

  test("that names nothing, or nothing inside, is refused", async () => {
    await expect(newReport().finish("lcov", {})).rejects.toThrow("names no file");
    const outside = newReport();
    outside.add("../a.ts", file(1));
    await expect(outside.finish("lcov", {})).rejects.toThrow("No file of the report lies inside the repository");
  });

  test("that names more files than any repository has is refused, known ones still join", async () => {
    const report = newReport();
    const one = file(1);
    for (let i = 0; i < 200_000; i++) report.add(`src/${i}.ts`, one);
    expect(() => report.add("src/more.ts", one)).toThrow("more than 200000 files");
    expect(() => report.add("src/1.ts", one)).not.toThrow();
  });
});
