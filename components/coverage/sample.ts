/** Coverage of a shop that does not exist, computed from a list of files, for looking at the page before the first report. Pure. */
import { DEFAULT_GATE, levelsOf, percentages, sumTotals, type Count, type CoverageDetail, type FileDetail, type FilePage, type FileRow, type Finding, type Percentages, type Totals, type Tree, type Trend } from "../../server/coverage/schema/index.ts";
import type { SampleAnswers } from "../trpc/sample.tsx";
import { formatCovered, formatPoints, MEASURE_WORDS, ORDER } from "./words.ts";

const DAY_MS = 86_400_000;
const DAYS = 60;
const COMMIT = "5a3b1e0c9d7f4a2b8c6e5d3f1a0b9c8d7e6f5a4b";
const EARLIER = "0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e";
const SLUG = "sample-shop";
/** What the end-to-end suite reaches of what the unit tests do. */
const E2E_REACH = 0.86;

/** [path, lines, percent covered] */
const FILES: readonly [string, number, number][] = [
  ["src/cart/total.ts", 210, 94], ["src/cart/discounts.ts", 180, 71], ["src/cart/store.ts", 140, 88], ["src/checkout/address.ts", 120, 91], ["src/checkout/payment.ts", 260, 83],
  ["src/checkout/receipt.ts", 90, 78], ["src/catalogue/search.ts", 240, 86], ["src/catalogue/import.ts", 320, 62], ["src/catalogue/images.ts", 150, 74], ["src/http/server.ts", 170, 92],
  ["src/http/errors.ts", 110, 69], ["src/http/session.ts", 130, 95], ["src/mail/orders.ts", 100, 81], ["src/mail/templates.ts", 160, 97], ["src/stock/reserve.ts", 190, 90], ["src/stock/count.ts", 120, 84],
];

const part = (total: number, percent: number): Count => ({ covered: Math.round((total * percent) / 100), total });

function totalsOf([, lines, percent]: (typeof FILES)[number], reach: number): Totals {
  const share = percent * reach;
  return { lines: part(lines, share), statements: part(lines, share), branches: part(Math.round(lines / 3), share - 6), functions: part(Math.round(lines / 12), Math.min(100, share + 3)) };
}

const reachOf = (flag: string | undefined): number => (flag === "e2e" ? E2E_REACH : 1);

function rowsOf(flag: string | undefined): FileRow[] {
  const all = FILES.reduce((sum, [, lines]) => sum + lines, 0);
  return FILES.map((file, index): FileRow => {
    const totals = totalsOf(file, reachOf(flag));
    const uncovered = (totals.lines?.total ?? 0) - (totals.lines?.covered ?? 0);
    return { path: file[0], totals, percent: percentages(totals), uncovered, gain: (100 * uncovered) / all, risk: uncovered * (1 + (index % 4)), changes: index % 4 };
  });
}

const percentOfFlag = (flag?: string): Percentages => percentages(sumTotals(rowsOf(flag).map(({ totals }) => totals)));

function findings(percent: Percentages): Finding[] {
  return ORDER.flatMap((measure): Finding[] => {
    const [value, levels] = [percent[measure], levelsOf(DEFAULT_GATE, measure)];
    if (value === null) return [];
    const gap = value - levels.target;
    return [{ kind: "level", outcome: gap >= 0 ? "pass" : "warn", measure, flag: null, path: null, value, limit: levels.target, gap, text: `${MEASURE_WORDS[measure]} are ${formatCovered(value)}${gap >= 0 ? "" : `, ${formatPoints(gap)} under target ${levels.target}`}.` }];
  }).toSorted((a, b) => (a.gap ?? 0) - (b.gap ?? 0));
}

/** The service as its page asks for it. */
export function sampleDetail(now: number): CoverageDetail {
  const percent = percentOfFlag();
  const pushedAt = new Date(now - 3_600_000);
  const carriedAt = new Date(now - 4 * DAY_MS);
  const flag = (name: string, at: Date, carriedFrom: string | null) => ({ flag: name, percent: percentOfFlag(name), files: FILES.length, reports: 1, formats: ["lcov" as const], pushedAt: at, carriedFrom });
  return {
    serviceId: SLUG, name: "Sample shop", slug: SLUG, tier: 1, repositoryUrl: null, branches: ["main"], reports: DAYS * 2, tests: null,
    policy: { revision: 0, defaultBranch: "main", expectedFlags: ["unit", "e2e"], gate: DEFAULT_GATE, isBadgePublic: false, sourceUrl: null, updatedAt: null, updatedBy: null },
    latest: {
      commit: COMMIT, branch: "main", pullRequest: null, at: pushedAt, pushedAt, percent, outcome: "warn", patch: null, hasDetail: true, files: FILES.length,
      flags: { present: ["unit"], carried: [{ flag: "e2e", commit: EARLIER, at: carriedAt }], missing: [] },
      totals: sumTotals(rowsOf(undefined).map(({ totals }) => totals)),
      verdict: { outcome: "warn", findings: findings(percent), noise: 0.2 },
      flagRows: [flag("e2e", carriedAt, EARLIER), flag("unit", pushedAt, null)],
    },
  };
}

function trend(now: number, flag: string | undefined): Trend {
  const end = percentOfFlag(flag);
  const points = Array.from({ length: DAYS }, (_, day) => {
    const back = (DAYS - 1 - day) * 0.09 + Math.sin(day / 3) * 0.5 * (1 - day / DAYS);
    const at = (value: number | null) => (value === null ? null : value - back);
    return { commit: `${day.toString(16).padStart(2, "0")}${COMMIT.slice(2)}`, at: new Date(now - (DAYS - 1 - day) * DAY_MS), lines: at(end.lines), branches: at(end.branches), functions: at(end.functions), statements: at(end.statements), outcome: "warn" as const, isCarried: day >= DAYS - 4 };
  });
  return { points, commits: DAYS, carriedSince: new Date(now - 4 * DAY_MS), carriedFlags: ["e2e"] };
}

function tree(now: number, folder: string, flag: string | undefined): Tree {
  const start = folder === "" ? "src/" : `${folder}/`;
  const nodes = [...Map.groupBy(rowsOf(flag).filter(({ path }) => path.startsWith(start)), ({ path }) => path.slice(start.length).split("/", 1)[0] ?? "")].map(([name, rows]) => {
    const lines = sumTotals(rows.map(({ totals }) => totals)).lines ?? { covered: 0, total: 0 };
    return { name, path: start + name, isFolder: !name.includes("."), files: rows.length, lines, percent: (100 * lines.covered) / lines.total };
  });
  return { folder: folder || "src", nodes: nodes.toSorted((a, b) => b.lines.total - a.lines.total), commit: COMMIT, formats: ["lcov"], at: new Date(now - 3_600_000), hasDetail: true };
}

type FilesInput = { sort?: string; search?: string; folder?: string; flag?: string; limit?: number };

function files({ sort, search = "", folder = "", flag, limit }: FilesInput): FilePage {
  const found = rowsOf(flag).filter(({ path }) => path.includes(search) && path.startsWith(folder));
  const by: Record<string, (a: FileRow, b: FileRow) => number> = { path: (a, b) => a.path.localeCompare(b.path), percent: (a, b) => (a.percent.lines ?? 0) - (b.percent.lines ?? 0), risk: (a, b) => b.risk - a.risk };
  const items = found.toSorted(by[sort ?? ""] ?? ((a, b) => b.uncovered - a.uncovered));
  return { items: items.slice(0, limit), nextCursor: null, total: items.length, commit: COMMIT, hasDetail: true };
}

function file({ path, flag }: { path: string; flag?: string }): FileDetail {
  const row = rowsOf(flag).find((one) => one.path === path) ?? rowsOf(flag)[0]!;
  const { covered, total } = row.totals.lines ?? { covered: 0, total: 0 };
  const lines = Array.from({ length: total }, (_, index) => ({ line: index + 1, hits: index < covered ? 1 + (index % 3) : 0, isAtLeast: false, branches: null, text: null }));
  return { path: row.path, commit: COMMIT, totals: row.totals, percent: row.percent, lines, source: "none", sourceProblem: null, isSummaryOnly: false };
}

/** What the page of the sample asks, answered as of `now`. */
export function sampleAnswers(now: number): SampleAnswers {
  return {
    "coverage.get": () => sampleDetail(now),
    "coverage.trend": ({ flag }: { flag?: string }) => trend(now, flag),
    "coverage.tree": ({ folder = "", flag }: { folder?: string; flag?: string }) => tree(now, folder, flag),
    "coverage.files": (input: FilesInput) => files(input),
    "coverage.file": (input: { path: string; flag?: string }) => file(input),
  };
}
