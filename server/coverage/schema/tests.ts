/** Test results from JUnit reports. */
import * as z from "zod";

export const TEST_STATUSES = ["passed", "failed", "error", "skipped"] as const;
export const TestStatus = z.enum(TEST_STATUSES);
export type TestStatus = z.infer<typeof TestStatus>;

export const TestTotals = z.object({
  tests: z.number().int(),
  passed: z.number().int(),
  failed: z.number().int().describe("Failures and errors."),
  skipped: z.number().int(),
  flaky: z.number().int(),
  durationMs: z.number(),
  at: z.date(),
});
export type TestTotals = z.infer<typeof TestTotals>;

export const TestFailure = z.object({ suite: z.string(), name: z.string(), message: z.string() });
export type TestFailure = z.infer<typeof TestFailure>;

export const TestRunRow = TestTotals.extend({ commit: z.string(), branch: z.string(), flag: z.string(), failures: z.array(TestFailure).describe("At most 100.") });
export type TestRunRow = z.infer<typeof TestRunRow>;

export const FlakyTest = z.object({ suite: z.string(), name: z.string(), flag: z.string(), runs: z.number().int(), failures: z.number().int(), flakes: z.number().int().describe("Times it both failed and passed on one commit."), lastFlakyAt: z.date().nullable(), meanMs: z.number() });
export type FlakyTest = z.infer<typeof FlakyTest>;

export const TestsDetail = z.object({
  runs: z.array(TestRunRow).describe("Newest first, at most 100."),
  flaky: z.array(FlakyTest),
  slowest: z.array(FlakyTest),
  latest: z.array(TestRunRow).describe("The newest run of each flag."),
});
export type TestsDetail = z.infer<typeof TestsDetail>;

export const TestsPushed = z.object({ service: z.string(), commit: z.string(), flag: z.string(), isNew: z.boolean(), totals: TestTotals, isGreen: z.boolean(), failures: z.array(TestFailure) });
export type TestsPushed = z.infer<typeof TestsPushed>;
