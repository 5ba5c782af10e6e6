/**
 * A tracefile of 100 MB (20,000 files, 8.6 million lines): reading it against a bare scan of its bytes, reading and storing
 * it against a bare readline loop with totals, both in the same run; then the pages that show it, and a trend of 5,000
 * commits. The library `lcov-parse` reads the same file in the same run.
 */
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";
import parseWithLibrary from "lcov-parse";
import { pushReport } from "../server/coverage/mutations/index.ts";
import { readReport } from "../server/coverage/parsers/read-report.ts";
import { listFiles, readTree, readTrend } from "../server/coverage/queries/index.ts";
import { ListFiles, PushReport, TreeInput, TrendInput } from "../server/coverage/schema/index.ts";
import { reportUpload } from "../server/coverage/upload.ts";
import type { Context } from "../server/platform/context.ts";
import { withDatabase } from "./database.ts";
import { percentile, type Figure } from "./figure.ts";

const FILES = 20_000;
const COMMITS = 5_000;
const CALLS = 20;
const CHUNK_BYTES = 256 * 1_024;
const MB = 1_000_000;
const NS_PER_MS = 1_000_000;
const SERVICE = "svc_bench";

/** The same numbers every time (Lehmer, 31 bits). */
function numbers(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
}

async function writeTracefile(file: string): Promise<void> {
  const random = numbers();
  const out = createWriteStream(file);
  for (let index = 0; index < FILES; index++) {
    const lines = [`TN:`, `SF:src/m${index % 40}/p${index % 400}/file${index}.ts`];
    for (let fn = 0; fn < 12; fn++) lines.push(`FN:${fn * 30 + 3},call${fn}_${index}`);
    for (let fn = 0; fn < 12; fn++) lines.push(`FNDA:${Math.floor(random() * 9)},call${fn}_${index}`);
    for (let line = 1, count = 0; count < 330; count++, line += 1 + Math.floor(random() * 2)) lines.push(`DA:${line},${random() < 0.15 ? 0 : Math.floor(random() * 3_000)}`);
    for (let branch = 0; branch < 68; branch++) lines.push(`BRDA:${branch * 5 + 1},0,${branch % 2},${random() < 0.3 ? "-" : Math.floor(random() * 50)}`);
    lines.push("LF:330", "LH:280", "end_of_record", "");
    if (!out.write(lines.join("\n"))) await new Promise((resolve) => out.once("drain", resolve));
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

const chunksOf = (file: string) => createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;

/** Finds every line and nothing else. */
async function scan(file: string): Promise<number> {
  let lines = 0;
  for await (const chunk of chunksOf(file)) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** What a short script does: every line as text, hits added up. */
async function readlineTotals(file: string): Promise<number> {
  let hit = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) if (line.startsWith("DA:") && Number(line.slice(line.indexOf(",") + 1)) > 0) hit += 1;
  return hit;
}

/** Milliseconds that the library of most Node tools takes. */
async function libraryMs(file: string): Promise<number> {
  return (await timed(() => new Promise<void>((resolve, reject) => parseWithLibrary(file, (error) => (error ? reject(new Error("lcov-parse failed", { cause: error })) : resolve()))))).ms;
}

type Watched<T> = { ms: number; result: T; memoryMb: number; blockedMs: number };

/** Runs work and watches memory above what there was before, and the longest time the event loop did not come round. */
async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { ms, result } = await timed(work);
  delay.disable();
  clearInterval(timer);
  return { ms, result, memoryMb: (most - before) / MB, blockedMs: delay.max / NS_PER_MS };
}

async function store(ctx: Context, file: string, commit: string) {
  const content = await readReport(chunksOf(file), {});
  const received = { bytes: 1, sha256: commit, content };
  return pushReport({ ...ctx, upload: { rule: reportUpload.rule, received } }, PushReport.parse({ service: SERVICE, commit, flag: "unit" }));
}

async function addService(ctx: Context): Promise<void> {
  const now = ctx.now();
  await ctx.db.service.create({ data: { id: SERVICE, name: "Bench", slug: "bench", stateSince: now, createdAt: now, updatedAt: now } });
}

async function addHistory(ctx: Context): Promise<void> {
  await ctx.db.$executeRaw`
    INSERT INTO coverage_commit (id, service_id, commit, branch, at, pushed_at, updated_at, lines_covered, lines_total, branches_covered, branches_total, files, flags, is_carried, outcome, verdict)
    SELECT 'cmt_' || n, ${SERVICE}, lpad(to_hex(n), 40, '0'), 'main', now() - n * interval '10 minutes', now(), now(), 5000 + n % 700, 7000, 900 + n % 90, 1200, 20000, '{"present":["unit"],"carried":[],"missing":[]}', false, 'pass', '{"outcome":"pass","findings":[],"noise":0}'
    FROM generate_series(1, ${COMMITS}::int) n`;
}

async function reads(ctx: Context): Promise<Figure[]> {
  const lists: number[] = [];
  const trees: number[] = [];
  const trends: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    lists.push((await timed(() => listFiles(ctx, ListFiles.parse({ service: SERVICE, sort: "uncovered", limit: 50 })))).ms);
    trees.push((await timed(() => readTree(ctx, TreeInput.parse({ service: SERVICE })))).ms);
    trends.push((await timed(() => readTrend(ctx, TrendInput.parse({ service: SERVICE })))).ms);
  }
  return [
    { name: "coverage-files-p95", value: percentile(lists, 0.95), unit: "ms", goal: "<=150", note: "20,000 files, sorted" },
    { name: "coverage-tree-p95", value: percentile(trees, 0.95), unit: "ms", goal: "<=150", note: "20,000 files" },
    { name: "coverage-trend-p95", value: percentile(trends, 0.95), unit: "ms", goal: "<=100", note: "5,000 commits" },
  ];
}

async function parsing(file: string): Promise<Figure[]> {
  const scanned = await timed(() => scan(file));
  await readReport(chunksOf(file), {});
  const parsed = await watched(() => readReport(chunksOf(file), {}));
  const library = await libraryMs(file);
  const lined = await timed(() => readlineTotals(file));
  return [
    { name: "lcov-parse-over-scan", value: parsed.ms / scanned.ms, unit: "ratio", goal: "<=3", note: "reading and packing against finding line ends" },
    { name: "library-over-lcov-parse", value: library / parsed.ms, unit: "ratio", goal: ">=5", note: "times faster than the library" },
    { name: "readline-over-lcov-parse", value: lined.ms / parsed.ms, unit: "ratio", goal: ">=1.2", note: "times faster than a bare readline loop with totals" },
    { name: "lcov-memory", value: parsed.memoryMb, unit: "MB", goal: "<=200" },
    { name: "lcov-blocked", value: parsed.blockedMs, unit: "ms", goal: "<=50" },
  ];
}

export async function run(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "seaworthy-lcov-"));
  const file = path.join(folder, "lcov.info");
  try {
    await writeTracefile(file);
    const figures = await parsing(file);
    return await withDatabase(async (ctx) => {
      await addService(ctx);
      const lined = await timed(() => readlineTotals(file));
      const first = await watched(() => store(ctx, file, "a".repeat(40)));
      const again = await timed(() => store(ctx, file, "b".repeat(40)));
      await addHistory(ctx);
      return [
        ...figures,
        { name: "lcov-store-over-readline", value: first.ms / lined.ms, unit: "ratio", goal: "<=2.5", note: "reading, storing and judging" },
        { name: "lcov-store-again-over-readline", value: again.ms / lined.ms, unit: "ratio", goal: "<=2.5", note: "a commit that changed nothing" },
        { name: "lcov-store-memory", value: first.memoryMb, unit: "MB", goal: "<=200" },
        { name: "lcov-store-blocked", value: first.blockedMs, unit: "ms", goal: "<=50" },
        ...(await reads(ctx)),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
