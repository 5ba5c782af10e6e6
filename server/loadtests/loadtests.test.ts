/** Formats told by content, figures read right, nonsense survived; verdicts and comparisons as tables. */
import { describe, expect, test } from "vitest";
import { AppError } from "../platform/errors.ts";
import { compareFigures } from "./compare.ts";
import { guessProfile, judgeRun, provenUsers } from "./judge.ts";
import { NO_FIGURES } from "./parsers/parsed.ts";
import { createQuantiles } from "./parsers/quantiles.ts";
import { parseDocument, readReport } from "./parsers/read.ts";
import { DEFAULT_RULES, type Figures } from "./schema.ts";
import { ARTILLERY, AUTOCANNON, K6_EXPORT, K6_MACHINE, K6_SUMMARY, k6Stream } from "./testing/reports.ts";

async function* bytes(text: string, size = 65_536): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}
const read = (content: unknown) => readReport(bytes(typeof content === "string" ? content : JSON.stringify(content)));
const figures = (part: Partial<Figures> = {}): Figures => ({ ...NO_FIGURES, requests: 10_000, errorRate: 0.001, errors: 10, p50: 100, p90: 180, p95: 200, p99: 300, avg: 110, rate: 100, users: 100, ...part });

describe("formats by content", () => {
  test.each([
    ["k6-summary", K6_SUMMARY, { requests: 12_000, errors: 24, errorRate: 0.002, rate: 100, durationMs: 120_000, users: 100, p50: 88.4, p95: 212.7, p99: 480.1 }, [true, true]],
    ["k6-export", K6_EXPORT, { requests: 12_000, errors: 24, errorRate: 0.002, rate: 100, durationMs: 120_000, users: 100, p50: 88.4, p95: 212.7, p99: null }, [true, false, true]],
    ["k6-machine", K6_MACHINE, { requests: 12_000, errors: 24, errorRate: 0.002, durationMs: 120_500, users: 100, p95: 212.7, p99: null }, []],
    ["autocannon", AUTOCANNON, { requests: 19_000, errors: 10, rate: 1_899.8, users: 10, p50: 4, p95: 12, p99: 16, durationMs: 10_020 }, []],
    ["artillery", ARTILLERY, { requests: 1_200, errors: 30, errorRate: 0.025, rate: 20, p50: 62.2, p95: 219.2, p99: 510.1, durationMs: 60_000 }, []],
  ])("%s", async (...[format, content, wanted, thresholds]) => {
    const parsed = await read(content);
    expect(parsed.format).toBe(format);
    expect(parsed.figures).toMatchObject(wanted);
    expect(parsed.thresholds.map(({ ok }) => ok)).toEqual(thresholds);
    expect(parsed.metrics.length).toBeGreaterThan(0);
  });

  test("an older Artillery report", () => {
    const parsed = parseDocument(JSON.stringify({ aggregate: { latency: { min: 1, max: 9, median: 2, p95: 5, p99: 8 }, rps: { mean: 12, count: 100 }, codes: { 200: 95, 503: 5 }, errors: { ECONNRESET: 1 }, requestsCompleted: 100 }, intermediate: [{ timestamp: "2027-01-15T12:00:00Z", requestsCompleted: 50, codes: {}, latency: { median: 2, p95: 4 } }] }));
    expect(parsed).toMatchObject({ format: "artillery", figures: { requests: 100, errors: 6, rate: 12, p50: 2, p95: 5 }, points: [{ atMs: 0, requests: 50, p95: 4 }] });
  });

  test("a k6 stream, with points over time and percentiles within 2 %", async () => {
    const parsed = await read(k6Stream(2_000));
    expect(parsed.format).toBe("k6-stream");
    expect(parsed.figures).toMatchObject({ requests: 2_000, errors: 200, errorRate: 0.1, users: 20, min: 10, max: 109, durationMs: 199_900 });
    expect(parsed.figures.p95! / 104).toBeCloseTo(1, 1);
    expect(parsed.points).toHaveLength(200);
    expect(parsed.points[0]).toMatchObject({ atMs: 0, requests: 10, errors: 1 });
  });

  test("points of Artillery start at zero", async () => {
    expect((await read(ARTILLERY)).points).toMatchObject([{ atMs: 0, requests: 200, errors: 2, p95: 200 }, { atMs: 10_000, p95: 230 }]);
  });

  test("a stream cut off in the middle of a line keeps what came", async () => {
    const text = k6Stream(50);
    expect((await read(text.slice(0, text.length - 30))).figures.requests).toBe(50);
  });

  test("a stream of ten hours is read in wider steps", async () => {
    const start = Date.parse("2027-01-15T00:00:00Z");
    const lines = Array.from({ length: 3_600 }, (_, i) => JSON.stringify({ type: "Point", metric: "http_reqs", data: { time: new Date(start + i * 10_000).toISOString(), value: 1 } }));
    const { points, figures: read3 } = await read(`${lines.join("\n")}\n`);
    expect(points.length).toBeLessThanOrEqual(300);
    expect(read3.requests).toBe(3_600);
  });
});

describe("bad reports", () => {
  test.each([
    ["nothing", ""],
    ["no JSON", "hello"],
    ["a list", "[1,2]"],
    ["another document", '{"hello":"world"}'],
    ["cut off", JSON.stringify(K6_SUMMARY).slice(0, 400)],
    ["LCOV", "TN:\nSF:a.ts\nDA:1,1\nend_of_record\n"],
  ])("%s is refused in words", async (_name, content) => {
    await expect(read(content)).rejects.toSatisfy((error: unknown) => error instanceof AppError && error.code === "invalid");
  });

  test("200,000 levels deep survive", async () => {
    const deep = `{"metrics":{},"x":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect((await read(deep)).figures.requests).toBe(0);
  });

  test("k6 without samples proves nothing and is empty", async () => {
    const parsed = await read({ ...K6_SUMMARY, metrics: {} });
    expect(judgeRun(parsed, "smoke", DEFAULT_RULES)).toEqual({ verdict: "empty", reasons: ["The run has no samples, so it proves nothing."] });
    const zero = await read({ ...K6_SUMMARY, metrics: { ...K6_SUMMARY.metrics, http_reqs: { type: "counter", values: { count: 0, rate: 0 } } } });
    expect(zero.figures).toMatchObject({ requests: 0, p95: null });
  });

  test.each(["Infinity", "-Infinity", "NaN", "1e999", "null", '"fast"', "-5", "1e300"])("a figure of %s is not told", async (wild) => {
    const text = JSON.stringify(K6_SUMMARY).replace('"p(95)":212.7', `"p(95)":${wild}`);
    const parsed = await read(text);
    expect(parsed.figures.p95).toBeNull();
    expect(judgeRun(parsed, "basic", DEFAULT_RULES).reasons).toContain("The report tells no p95.");
  });

  test("names such as __proto__ change nothing", async () => {
    const parsed = await read('{"metrics":{"__proto__":{"type":"counter","values":{"__proto__":1,"count":5}},"constructor":{"values":{"count":1}}}}');
    expect(({} as { count?: number }).count).toBeUndefined();
    expect(parsed.figures.requests).toBe(0);
  });

  test("whatever is flipped in a report, it is read or refused, never a fault", async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (const source of [K6_SUMMARY, K6_EXPORT, K6_MACHINE, AUTOCANNON, ARTILLERY]) {
      const text = JSON.stringify(source);
      for (let i = 0; i < 150; i++) {
        const at = random(text.length);
        const broken = `${text.slice(0, at)}${["", "0", '"', "}", "[", "null", "-1e400", ","][random(8)]}${text.slice(at + random(6))}`;
        const result = await read(broken).catch((error: unknown) => error);
        expect(result instanceof AppError || !(result instanceof Error)).toBe(true);
      }
    }
  });
});

describe("verdicts (C19, C20, SRV-075)", () => {
  test.each<[string, Partial<Figures>, string[]]>([
    ["a good run passes", {}, []],
    ["slow", { p95: 501 }, ["p95 is 501 ms; at most 500 ms may be."]],
    ["failing", { errorRate: 0.011 }, ["1.10 % of the requests failed; at most 1.00 % may."]],
    ["without an error rate", { errorRate: null }, ["The report tells no error rate."]],
    ["without p95", { p95: null }, ["The report tells no p95."]],
    ["of few requests is judged by its median", { requests: 50, p95: 900, p50: 100 }, []],
    ["with fewer users than its profile", { users: 50 }, ["The profile basic stands for 100 users; the run had 50."]],
    ["with a tenth fewer users", { users: 91 }, []],
  ])("%s", (_name, part, reasons) => {
    expect(judgeRun({ figures: figures(part), thresholds: [] }, "basic", DEFAULT_RULES)).toEqual({ verdict: reasons.length > 0 ? "failed" : "passed", reasons });
  });

  test("thresholds of the script stand in for the default bounds", () => {
    const thresholds = [{ metric: "http_req_duration", expression: "p(95)<5000", ok: true }, { metric: "http_req_failed", expression: "rate<0.05", ok: true }];
    expect(judgeRun({ figures: figures({ p95: 3_000, errorRate: 0.03 }), thresholds }, "basic", DEFAULT_RULES).verdict).toBe("passed");
    expect(judgeRun({ figures: figures(), thresholds: [{ ...thresholds[0]!, ok: false }] }, "basic", DEFAULT_RULES).reasons).toEqual(["Threshold not held: http_req_duration p(95)<5000."]);
  });

  test.each([[5, null, "custom"], [10, null, "smoke"], [100, 540_000, "basic"], [100, 7_200_000, "soak"], [500, null, "spike"], [1_200, null, "stress"]] as const)("%s users for %s ms are %s", (users, durationMs, profile) => {
    expect(guessProfile({ users, durationMs })).toBe(profile);
  });

  test("a profile proves no more users than the run had", () => {
    expect([provenUsers("spike", null), provenUsers("spike", 480), provenUsers("spike", 30), provenUsers("custom", 42), provenUsers("stress", 5_000)]).toEqual([500, 500, 30, 42, 1_000]);
  });
});

describe("comparisons", () => {
  const compare = (base: Partial<Figures>, now: Partial<Figures>) => compareFigures(figures(base), figures(now), DEFAULT_RULES);
  test.each<[string, Partial<Figures>, Partial<Figures>, boolean]>([
    ["the same", {}, {}, false],
    ["a tenth slower, at the floor", {}, { p95: 220 }, false],
    ["more than a tenth and more than 20 ms slower", {}, { p95: 225 }, true],
    ["half slower but by 5 ms", { p95: 10 }, { p95: 15 }, false],
    ["by 25 ms of 1,000", { p95: 1_000 }, { p95: 1_025 }, false],
    ["faster", {}, { p95: 100 }, false],
    ["more errors", {}, { errorRate: 0.02 }, true],
    ["a figure that is absent now", {}, { p95: null }, true],
    ["a figure that was absent before", { p95: null }, {}, false],
  ])("%s", (...[, base, now, isRegression]) => expect(compare(base, now).isRegression).toBe(isRegression));

  test("with few samples go by the median", () => {
    const few = compare({}, { requests: 60, p95: 900, p50: 104 });
    expect(few).toMatchObject({ measure: "p50", isRegression: false });
    expect(few.deltas.find(({ metric }) => metric === "p95")?.verdict).toBe("few");
    expect(compare({}, { requests: 60, p50: 150 }).isRegression).toBe(true);
  });

  test("tell lost throughput without refusing for it", () => {
    const { isRegression, deltas } = compare({}, { rate: 50 });
    expect(isRegression).toBe(false);
    expect(deltas.find(({ metric }) => metric === "rate")).toMatchObject({ verdict: "worse", words: "100.0/s → 50.0/s, −50.0 %" });
  });
});

test("quantiles of a stream are within 1 %", () => {
  const quantiles = createQuantiles();
  for (let i = 1; i <= 10_000; i++) quantiles.add(i);
  for (const share of [0.5, 0.9, 0.95, 0.99]) expect(Math.abs(quantiles.quantile(share)! / (10_000 * share) - 1)).toBeLessThan(0.011);
  expect(createQuantiles().quantile(0.5)).toBeNull();
});
