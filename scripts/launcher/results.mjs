/** Counts what the test runners say in their JSON reports. A file that could not run counts as one failure. */
import fs from "node:fs";

function readReport(file) {
  if (!fs.existsSync(file)) return null;
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** Vitest's `json` reporter, which has Jest's format. */
export function countVitest(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const isBroken = (suite) => suite.status === "failed" && !suite.assertionResults.some((test) => test.status === "failed");
  const broken = report.testResults.filter(isBroken).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken, skipped: report.numPendingTests };
}

/** Playwright's `json` reporter; a flaky test passed in the end. Errors outside tests count as failures. */
export function countPlaywright(file) {
  const report = readReport(file);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, flaky, unexpected, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}
