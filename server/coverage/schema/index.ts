/**
 * Words of the module. A report is one upload of coverage for a commit and a flag; a flag names the suite that was run
 * (unit, integration, e2e). Reports of one commit and flag are joined by line into a suite; the suites of a commit, and for
 * flags without an upload the newest earlier one, carried forward, make the commit's coverage. The gate compares that with
 * levels and gives a verdict. A missing upload makes a commit incomplete; it never makes coverage fall. Ratios are shown
 * as percent with full precision; gaps are points, positive above the level. Isomorphic.
 */
export * from "./compare.ts";
export * from "./files.ts";
export * from "./gate.ts";
export * from "./inputs.ts";
export * from "./measures.ts";
export * from "./outputs.ts";
export * from "./tests.ts";
