/**
 * JUnit XML, as Surefire, Gradle, pytest, Jest, Vitest, go-junit-report and others write it: testsuite, testcase and in it
 * failure, error or skipped. A test is flaky when one report holds both a pass and a failure of it: Surefire's
 * flakyFailure and flakyError, or the same test named twice with different results. Counts come from the test cases, not
 * from the suites' claims.
 */
import { AppError } from "../../platform/errors.ts";
import type { TestStatus } from "../schema/index.ts";
import { xmlReader, type Attributes, type XmlHandler } from "./xml.ts";
import type { ChunkReader } from "./reader.ts";

export type TestCase = { suite: string; name: string; status: TestStatus; isFlaky: boolean; seconds: number; message: string };
export type TestReport = { cases: TestCase[] };

/** More tests than any suite runs. */
const MOST_CASES = 200_000;
const MOST_NAME = 500;
const MOST_MESSAGE = 2_000;
/** A day: a longer test is a wrong unit. */
const MOST_SECONDS = 86_400;

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Seconds as a report writes them, also with thousands separators; 0 for anything that is no duration. */
export function secondsOf(text: string | undefined): number {
  const value = Number((text ?? "0").replaceAll(",", ""));
  return Number.isFinite(value) && value >= 0 ? Math.min(value, MOST_SECONDS) : 0;
}

const WORSE: Record<TestStatus, number> = { failed: 3, error: 3, passed: 2, skipped: 1 };
const isBad = (status: TestStatus) => status === "failed" || status === "error";

/** Two results of one test in one report: a retry. Passing at last makes it a flaky pass. */
function join(first: TestCase, second: TestCase): TestCase {
  const differ = isBad(first.status) !== isBad(second.status) && first.status !== "skipped" && second.status !== "skipped";
  const better = WORSE[first.status] >= WORSE[second.status] ? second : first;
  const worse = better === first ? second : first;
  const kept = differ ? better : worse;
  return { ...kept, isFlaky: first.isFlaky || second.isFlaky || differ, seconds: first.seconds + second.seconds, message: first.message || second.message };
}

function junitHandler(cases: Map<string, TestCase>): XmlHandler {
  const suites: string[] = [];
  let open: TestCase | null = null;
  let isReading = false;
  let text = "";

  const fails = (status: TestStatus, attributes: Attributes) => {
    if (!open) return;
    open.status = status;
    open.message = attributes.message ?? attributes.type ?? "";
    isReading = true;
    text = "";
  };
  const opens: Record<string, (attributes: Attributes) => void> = {
    testsuite: (attributes) => void suites.push(attributes.name ?? ""),
    testcase: (attributes) => {
      const suite = attributes.classname ?? suites.at(-1) ?? "";
      open = { suite: cut(suite, MOST_NAME), name: cut(attributes.name ?? "", MOST_NAME), status: "passed", isFlaky: false, seconds: secondsOf(attributes.time), message: "" };
    },
    failure: (attributes) => fails("failed", attributes),
    error: (attributes) => fails("error", attributes),
    skipped: () => {
      if (open && !isBad(open.status)) open.status = "skipped";
    },
  };
  for (const name of ["flakyFailure", "flakyError"]) {
    opens[name] = (attributes) => {
      if (!open) return;
      open.isFlaky = true;
      open.message ||= attributes.message ?? "";
    };
  }
  const closeCase = () => {
    if (!open) return;
    const key = `${open.suite}\n${open.name}`;
    const known = cases.get(key);
    if (!known && cases.size >= MOST_CASES) throw new AppError("invalid", `The report names more than ${MOST_CASES} tests. Nothing was kept.`);
    const one = { ...open, message: cut(open.message, MOST_MESSAGE) };
    cases.set(key, known ? join(known, one) : one);
    open = null;
  };
  return {
    open: (name, attributes) => (Object.hasOwn(opens, name) ? opens[name]?.(attributes) : undefined),
    text: (piece) => {
      if (isReading && text.length < MOST_MESSAGE) text += piece;
    },
    close: (name) => {
      if (name === "failure" || name === "error") {
        if (open && open.message === "") open.message = text.trim();
        isReading = false;
      }
      if (name === "testsuite") suites.pop();
      if (name === "testcase") closeCase();
    },
  };
}

/** Reads chunks of a JUnit report; `result` is complete after `end`. */
export function junitReader(): ChunkReader & { result: () => TestReport } {
  const cases = new Map<string, TestCase>();
  const reader = xmlReader((root) => {
    if (root === "testsuites" || root === "testsuite") return junitHandler(cases);
    throw new AppError("invalid", `The XML begins with <${root.slice(0, 60)}>, which is no JUnit report. Nothing was kept.`);
  }, () => undefined);
  return { ...reader, result: () => ({ cases: [...cases.values()] }) };
}
