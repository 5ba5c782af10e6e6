/**
 * Demo data of coverage, sent through the same operations as a pipeline's reports, with a clock that walks through the
 * last sixty days. The console's own coverage is sent when its tests have left a report. Does nothing when there is any.
 */
import { createReadStream, existsSync } from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { DAY_MS, HOUR_MS } from "../../server/platform/clock.ts";
import type { Context } from "../../server/platform/context.ts";
import { newPoints, addPoint, type Points } from "../../server/coverage/lines/points.ts";
import { pushReport, pushSources, pushTests, setPolicy } from "../../server/coverage/mutations/index.ts";
import { readReport } from "../../server/coverage/parsers/read-report.ts";
import type { TestCase } from "../../server/coverage/parsers/junit.ts";
import { getPolicy } from "../../server/coverage/queries/index.ts";
import { newReport, pack, type ParsedReport } from "../../server/coverage/report.ts";
import { reportUpload, testsUpload } from "../../server/coverage/upload.ts";
import { DEMO_COVERAGE, type DemoCoverage } from "./coverage-demo.ts";

const DAYS = 60;
const BRANCH = "main";

/** A number from 0 to 1 that depends on nothing but the text (FNV-1a, stirred). */
function chance(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}

const commitOf = (slug: string, index: number): string => createHash("sha1").update(`${slug} ${index}`).digest("hex");

/** Every second or third line holds code; a line is reached when its chance lies below the file's share. */
function pointsOf({ name, lines, kind }: { name: string; lines: number; kind: "lines" | "branches" | "functions" }, share: number): Points {
  const points = newPoints();
  const step = kind === "lines" ? 2 : kind === "branches" ? 7 : 11;
  for (let line = 1; line <= lines * 2; line += step) {
    const luck = chance(`${name} ${kind} ${line}`);
    addPoint(points, line, luck < share ? 1 + Math.floor(luck * 40) : 0);
  }
  return points;
}

/** A report of one suite at a time from 0 (the beginning) to 1 (now). */
function reportOf(demo: DemoCoverage, reach: number, progress: number): Promise<ParsedReport> {
  const report = newReport();
  for (const [name, lines, percent] of demo.files) {
    const wobble = (chance(`${name} ${Math.round(progress * 40)}`) - 0.5) * 0.8;
    const share = Math.max(0, ((percent - (1 - progress) * demo.gained + wobble) / 100) * reach);
    report.add(name, pack({ lines: pointsOf({ name, lines, kind: "lines" }, share), branches: pointsOf({ name, lines, kind: "branches" }, share - 0.07), functions: pointsOf({ name, lines, kind: "functions" }, share + 0.04), statements: pointsOf({ name, lines, kind: "lines" }, share - 0.003) }));
  }
  return report.finish("istanbul-final", {});
}

const shaOf = (text: string) => createHash("sha256").update(text).digest("hex");

async function pushCommits(ctx: Context, demo: DemoCoverage): Promise<void> {
  const now = ctx.now().getTime();
  for (let index = 0; index < demo.commits; index++) {
    const progress = demo.commits === 1 ? 1 : index / (demo.commits - 1);
    const at = new Date(now - (1 - progress) * DAYS * DAY_MS - 3 * HOUR_MS);
    const commit = commitOf(demo.slug, index);
    for (const { flag, reach, endedDays } of demo.flags) {
      if (endedDays !== undefined && at.getTime() > now - endedDays * DAY_MS) continue;
      const content = await reportOf(demo, reach, progress);
      const received = { bytes: 48_000 + content.files.size * 90, sha256: shaOf(`${commit} ${flag}`), content };
      await pushReport({ ...ctx, now: () => at, upload: { rule: reportUpload.rule, received } }, { service: demo.slug, commit, branch: BRANCH, flag, committedAt: at });
    }
    if (index >= demo.commits - 12) await pushRun({ ...ctx, now: () => at }, demo, { index, commit });
  }
}

/** A run of tests. The newest fails what the story says; a flaky test fails now and then and passes when it is run again. */
async function pushRun(ctx: Context, demo: DemoCoverage, { index, commit }: { index: number; commit: string }): Promise<void> {
  const { count, failing, flaky } = demo.tests;
  const isNewest = index === demo.commits - 1;
  const grown = count - (demo.commits - 1 - index) * 3;
  const suite = (n: number) => (demo.files[n % demo.files.length]?.[0] ?? "src/app.ts").replace(/\.ts$/, ".test.ts");
  const plain = Array.from({ length: grown - failing.length - flaky.length }, (_, n): TestCase => ({ suite: suite(n), name: `case ${String(n + 1).padStart(3, "0")}`, status: n % 61 === 60 ? "skipped" : "passed", isFlaky: false, seconds: chance(`${demo.slug} ${n}`) * 0.4, message: "" }));
  const failed = failing.map((name, n): TestCase => ({ suite: suite(n), name, status: isNewest ? "failed" : "passed", isFlaky: false, seconds: 0.8, message: isNewest ? "expected 1 result, got 0" : "" }));
  const unsure = flaky.map((name, n): TestCase => ({ suite: suite(n + 3), name, status: "passed", isFlaky: index % 4 === 1, seconds: 4.2, message: "" }));
  const received = { bytes: 40_000, sha256: shaOf(`${commit} tests`), content: { cases: [...failed, ...unsure, ...plain] } };
  await pushTests({ ...ctx, upload: { rule: testsUpload.rule, received } }, { service: demo.slug, commit, branch: BRANCH, flag: "unit" });
}

/** The coverage of the console itself, as its last test run left it. */
async function pushOwn(ctx: Context): Promise<void> {
  const file = path.resolve("coverage/lcov.info");
  const self = await ctx.db.service.findFirst({ where: { isSelf: true } });
  if (!self || !existsSync(file)) return;
  const content = await readReport(createReadStream(file) as AsyncIterable<Buffer>, {});
  const received = { bytes: 1, sha256: shaOf(JSON.stringify([...content.files.keys()])), content };
  await pushReport({ ...ctx, upload: { rule: reportUpload.rule, received } }, { service: self.slug, commit: commitOf(self.slug, 0), branch: BRANCH, flag: "unit" });
}

/** Figures that older records of the console's tests name, in percent. Each record is a branch of its own: sources are never joined. */
const RECORDS = [
  { branch: "record-beginning", daysAgo: 58, lines: 2.51, branches: 4.93, functions: 3.9, statements: 2.48 },
  { branch: "record-first-phase", daysAgo: 44, lines: 30, branches: null, functions: null, statements: null },
  { branch: "record-baseline", daysAgo: 30, lines: 65.53, branches: 55.37, functions: 65.38, statements: 65.36 },
  { branch: "record-unit-suite", daysAgo: 16, lines: 88.53, branches: null, functions: null, statements: null },
] as const;
/** Percentages have two digits. */
const OF = 10_000;

const counted = (percent: number | null) => (percent === null ? null : { covered: Math.round((percent * OF) / 100), total: OF });

/** The history of the console's own coverage before it kept reports: totals with their date and suite. */
async function pushRecords(ctx: Context): Promise<void> {
  const self = await ctx.db.service.findFirst({ where: { isSelf: true } });
  if (!self) return;
  for (const { branch, daysAgo, ...percent } of RECORDS) {
    const report = newReport();
    report.add("all files", { data: null, totals: { lines: counted(percent.lines), branches: counted(percent.branches), functions: counted(percent.functions), statements: counted(percent.statements) } });
    const content = await report.finish("istanbul-summary", {});
    const at = new Date(ctx.now().getTime() - daysAgo * DAY_MS);
    await pushReport({ ...ctx, now: () => at, upload: { rule: reportUpload.rule, received: { bytes: 1, sha256: shaOf(branch), content } } }, { service: self.slug, commit: shaOf(branch).slice(0, 40), branch, flag: "unit", committedAt: at });
  }
}

/** A file to read, with the lines that the demo's report names. */
function sourceOf(lines: number): string {
  return Array.from({ length: lines * 2 }, (_, index) => (index % 2 === 0 ? `  const step${index / 2 + 1} = score(payment, rules[${index / 2}]);` : "")).join("\n");
}

/** Seeds the demo. Returns how many services got coverage. */
export async function seedCoverage(ctx: Context): Promise<number> {
  if ((await ctx.db.coverageCommit.count()) > 0) return 0;
  const known = await ctx.db.service.findMany({ where: { slug: { in: DEMO_COVERAGE.map(({ slug }) => slug) } }, select: { slug: true } });
  const demos = DEMO_COVERAGE.filter((demo) => known.some(({ slug }) => slug === demo.slug));
  for (const demo of demos) {
    const { revision, ...policy } = await getPolicy(ctx, { service: demo.slug });
    await setPolicy(ctx, { service: demo.slug, revision, ...policy, expectedFlags: demo.expected });
    await pushCommits(ctx, demo);
  }
  const payments = demos.find(({ slug }) => slug === "payments-api");
  if (payments) await pushSources(ctx, { service: payments.slug, commit: commitOf(payments.slug, payments.commits - 1), files: [{ path: "src/fraud/score.ts", text: sourceOf(181) }] });
  await pushRecords(ctx);
  await pushOwn(ctx);
  return demos.length;
}
