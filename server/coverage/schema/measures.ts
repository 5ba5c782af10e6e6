/** The four measures, and counting with them. A ratio is covered / total; nothing to cover counts as no ratio, not as 100 %. */
import * as z from "zod";

export const MEASURES = ["lines", "branches", "functions", "statements"] as const;
export type Measure = (typeof MEASURES)[number];

export type Count = { covered: number; total: number };
/** Null: the report's format does not know the measure. */
export type Totals = Record<Measure, Count | null>;

export const NO_TOTALS: Totals = { lines: null, branches: null, functions: null, statements: null };

/** Adds up many, without making anything in between. */
export function sumTotals(all: Iterable<Totals>): Totals {
  const sum: Totals = { ...NO_TOTALS };
  for (const totals of all) {
    for (const measure of MEASURES) {
      const count = totals[measure];
      if (!count) continue;
      const known = (sum[measure] ??= { covered: 0, total: 0 });
      known.covered += count.covered;
      known.total += count.total;
    }
  }
  return sum;
}

/** Percent with full precision, or null when there is nothing to cover or nothing is known. */
export function percentOf(count: Count | null | undefined): number | null {
  return count && count.total > 0 ? (100 * count.covered) / count.total : null;
}

/** The four percentages. */
export function percentages(totals: Totals): Record<Measure, number | null> {
  return { lines: percentOf(totals.lines), branches: percentOf(totals.branches), functions: percentOf(totals.functions), statements: percentOf(totals.statements) };
}

export const CountWord = z.object({ covered: z.number().int(), total: z.number().int() });
export const TotalsWord = z.object({ lines: CountWord.nullable(), branches: CountWord.nullable(), functions: CountWord.nullable(), statements: CountWord.nullable() });
export const MeasureWord = z.enum(MEASURES);

/** Percent of each measure, 0 to 100; null when it is not reported. */
export const Percentages = z.object({ lines: z.number().nullable(), branches: z.number().nullable(), functions: z.number().nullable(), statements: z.number().nullable() });
export type Percentages = z.infer<typeof Percentages>;

export const FORMATS = ["lcov", "cobertura", "clover", "jacoco", "istanbul-final", "istanbul-summary", "go"] as const;
export const ReportFormat = z.enum(FORMATS);
export type ReportFormat = z.infer<typeof ReportFormat>;
