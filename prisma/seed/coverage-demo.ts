/** The coverage of Northpier's services over sixty days: files, how far their tests reach, and what their suites missed. */

/** [path, lines, percent covered at the end] */
type File = [path: string, lines: number, percent: number];

export type DemoCoverage = {
  slug: string;
  files: File[];
  /** Points of lines gained over the whole time; negative for a service that falls. */
  gained: number;
  commits: number;
  flags: { flag: string; /** Share of the files' covered lines that this suite reaches. */ reach: number; /** Days ago its uploads ended. */ endedDays?: number }[];
  expected: string[];
  /** Tests of the newest run. */
  tests: { count: number; failing: string[]; flaky: string[] };
};

const folder = (base: string, [lines, percent]: [lines: number, percent: number], names: string): File[] => names.split(" ").map((name, index): File => [`${base}/${name}.ts`, Math.max(12, Math.round(lines * (1.5 - index * 0.22))), Math.max(5, Math.min(100, percent + ((index * 7) % 11) - 5))]);

const PAYMENTS: File[] = [
  ...folder("src/capture", [130, 76], "capture repo job lock webhook"),
  ["src/fraud/score.ts", 181, 48],
  ["src/fraud/rules.ts", 119, 76],
  ["src/fraud/lists.ts", 60, 82],
  ...folder("src/http", [190, 84], "server routes errors auth body"),
  ...folder("src/refunds", [120, 89], "refund policy ledger mail"),
  ...folder("src/ledger", [210, 92], "post balance close export"),
  ...folder("src/webhooks", [90, 79], "sign send retry"),
  ...folder("src/cards", [160, 88], "bin vault token brand"),
  ...folder("src/settlement", [140, 86], "batch file bank report"),
  ...folder("src/queue", [110, 91], "enqueue worker dead"),
  ...folder("src/db", [110, 89], "pool migrate query"),
  ...folder("src/reports", [90, 78], "csv daily monthly"),
  ["src/cli/replay.ts", 104, 39],
  ["src/cli/main.ts", 60, 72],
  ...folder("src/lib", [70, 96], "money time id retry"),
  ...folder("src/config", [50, 97], "read schema"),
];

const ORDERS: File[] = [...folder("src/orders", [160, 93], "create cancel state price tax"), ...folder("src/stock", [120, 90], "reserve release sync"), ...folder("src/http", [110, 94], "server routes errors"), ...folder("src/db", [80, 92], "pool query")];
const IDENTITY: File[] = [...folder("src/sessions", [130, 96], "issue verify revoke store"), ...folder("src/oidc", [150, 93], "discover token keys"), ...folder("src/lockout", [70, 97], "count block"), ...folder("src/http", [90, 95], "server routes")];
const SEARCH: File[] = [...folder("src/index", [170, 82], "build merge segment prune"), ...folder("src/query", [140, 84], "parse rank facet suggest"), ...folder("src/http", [90, 87], "server routes"), ["src/cache/lru.ts", 140, 41]];
const REPORTING: File[] = [...folder("models/orders", [300, 3], "daily weekly returns margin"), ...folder("models/traffic", [240, 2], "visits sources"), ...folder("lib", [120, 6], "dates currency")];

/** Five services, each with a story: nearly there, waiting for an upload, fine, held back by one file, and never tested. */
export const DEMO_COVERAGE: DemoCoverage[] = [
  {
    slug: "payments-api",
    files: PAYMENTS,
    gained: 19,
    commits: 32,
    flags: [{ flag: "unit", reach: 1 }, { flag: "integration", reach: 0.84 }, { flag: "e2e", reach: 0.9, endedDays: 4 }],
    expected: [],
    tests: { count: 412, failing: [], flaky: ["settles a batch when the bank answers late"] },
  },
  { slug: "orders-api", files: ORDERS, gained: 6, commits: 20, flags: [{ flag: "unit", reach: 1 }, { flag: "integration", reach: 0.85, endedDays: 2 }], expected: ["integration", "unit"], tests: { count: 289, failing: [], flaky: [] } },
  { slug: "identity", files: IDENTITY, gained: 3, commits: 16, flags: [{ flag: "unit", reach: 1 }], expected: ["unit"], tests: { count: 351, failing: [], flaky: [] } },
  { slug: "search", files: SEARCH, gained: 4, commits: 18, flags: [{ flag: "unit", reach: 1 }], expected: [], tests: { count: 198, failing: ["ranks an exact title first", "keeps a facet that is empty"], flaky: ["suggests while an index is merged"] } },
  { slug: "reporting", files: REPORTING, gained: -1.4, commits: 9, flags: [{ flag: "unit", reach: 1 }], expected: [], tests: { count: 62, failing: [], flaky: [] } },
];
