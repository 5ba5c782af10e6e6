/** What arrives, for Prometheus. */
import { Counter } from "prom-client";
import { instruments } from "../platform/metrics/registry.ts";
import type { Outcome, ReportFormat } from "./schema/index.ts";

function counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
  const { registry } = instruments();
  const known = registry.getSingleMetric(name) as Counter<Label> | undefined;
  return known ?? new Counter({ name, help, labelNames, registers: [registry] });
}

/** Counts a coverage report by its format and the verdict on its commit. */
export function countReport(format: ReportFormat, outcome: Outcome): void {
  counter("coverage_reports_total", "Coverage reports taken, by format and verdict.", ["format", "outcome"]).inc({ format, outcome });
}

/** Counts a test run. */
export function countRun(result: "green" | "red"): void {
  counter("test_runs_total", "Test runs taken, by result.", ["result"]).inc({ result });
}
