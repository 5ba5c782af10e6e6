import { describe, expect, test } from "vitest";
import { HttpCheck } from "./check-config.ts";
import { isExpectedStatus, judgeHttp, valueAtPath, type HttpFacts } from "./conditions.ts";
import type { CertificateFacts } from "../platform/http/outbound.ts";

const check = (wanted: Record<string, unknown> = {}) => HttpCheck.parse({ kind: "http", url: "https://api.example", ...wanted });
const facts = (seen: Partial<HttpFacts> = {}): HttpFacts => ({ status: 200, latencyMs: 34.4, body: "all fine", isTruncated: false, certificate: null, document: null, ...seen });
const certificate = (daysLeft: number): CertificateFacts => ({ daysLeft, validTo: new Date(0), issuer: "", subject: "", isAuthorized: true, problem: null });
const document = (verdict: "up" | "degraded" | "down" | "unknown", parts: ["up" | "degraded" | "down" | "unknown", string][] = []) => ({
  dialect: "checks" as const,
  verdict,
  components: parts.map(([part, name]) => ({ name, verdict: part, detail: null, observedAt: null })),
});

describe("an HTTP answer is judged", () => {
  test.each([
    ["no conditions", {}, {}, "up", "200 in 34 ms"],
    ["wrong status", {}, { status: 503 }, "down", "503, expected 200-299"],
    ["listed status", { expectedStatus: ["200", "401-403"] }, { status: 402 }, "up", "402 in 34 ms"],
    ["unlisted status", { expectedStatus: ["200", "401-403"] }, { status: 204 }, "down", "204, expected 200, 401-403"],
    ["slow", { maxLatencyMs: 30 }, {}, "degraded", "34 ms, wanted at most 30 ms"],
    ["fast enough", { maxLatencyMs: 35 }, {}, "up", "200 in 34 ms"],
    ["contains", { bodyContains: "fine" }, {}, "up", "200 in 34 ms"],
    ["lacks", { bodyContains: "great" }, {}, "down", 'body does not contain "great"'],
    ["lacks in a cut body", { bodyContains: "great" }, { isTruncated: true }, "down", 'body does not contain "great" in the part that was read'],
    ["matches", { regex: "f.ne$" }, {}, "up", "200 in 34 ms"],
    ["does not match", { regex: "^fine" }, {}, "down", 'body does not match "^fine"'],
    ["path equals", { jsonPath: { path: "$.a[0].b", equals: "1" } }, { body: '{"a":[{"b":1}]}' }, "up", "200 in 34 ms"],
    ["path differs", { jsonPath: { path: "$.s", equals: "ok" } }, { body: '{"s":"bad"}' }, "down", '$.s is "bad", expected "ok"'],
    ["path missing", { jsonPath: { path: "$.s" } }, { body: "{}" }, "down", "$.s not found in the body"],
    ["path without JSON", { jsonPath: { path: "$.s" } }, { body: "<html>" }, "down", "$.s not found in the body"],
    ["certificate short", { certificateMinDays: 14 }, { certificate: certificate(5) }, "degraded", "certificate expires in 5 days, wanted 14"],
    ["certificate long", { certificateMinDays: 14 }, { certificate: certificate(14) }, "up", "200 in 34 ms"],
    ["certificate expired", { certificateMinDays: 14, ignoreCertificateErrors: true }, { certificate: certificate(-1) }, "down", "certificate expired 1 day ago"],
    ["certificate not asked about", {}, { certificate: certificate(1) }, "up", "200 in 34 ms"],
    ["down wins over degraded", { maxLatencyMs: 1, bodyContains: "x!" }, {}, "down", 'body does not contain "x!"'],
    ["all reasons", { maxLatencyMs: 1, certificateMinDays: 9 }, { certificate: certificate(1) }, "degraded", "certificate expires in 1 day, wanted 9; 34 ms, wanted at most 1 ms"],
    ["document degraded", {}, { document: document("degraded", [["up", "db"], ["degraded", "cache"]]) }, "degraded", "reports itself degraded: cache degraded"],
    ["document down", {}, { document: document("down", [["down", "a"], ["down", "b"], ["down", "c"], ["down", "d"]]) }, "down", "reports itself down: a down, b down, c down and 1 more"],
    ["document unknown", {}, { document: document("unknown") }, "up", "200 in 34 ms"],
    ["document ignored", { readsHealthDocument: false }, { document: document("down") }, "up", "200 in 34 ms"],
    ["status and document", {}, { status: 503, document: document("down", [["down", "db"]]) }, "down", "503, expected 200-299; reports itself down: db down"],
  ] as const)("%s", (...row) => {
    const [, wanted, seen, verdict, message] = row;
    expect(judgeHttp(check(wanted), facts(seen as unknown as Partial<HttpFacts>))).toEqual({ verdict, message });
  });

  test("what a target writes cannot break or lengthen the message", () => {
    const { message } = judgeHttp(check({ jsonPath: { path: "$.s", equals: "ok" } }), facts({ body: JSON.stringify({ s: "\u0000\n".repeat(10) + "x".repeat(10_000) }) }));
    expect(message.length).toBeLessThan(200);
    expect(message).toMatch(/^[\x20-\x7e…]+$/);
  });
});

describe("JSONPath", () => {
  const body = JSON.stringify({ a: { b: [10, { c: "x" }] }, "odd name": null, deep: { c: "y" } });
  test.each([
    ["$.a.b[0]", "10"],
    ["$['odd name']", "null"],
    ["$.a.b[*].c", "x"],
    ["$..c", "x"],
    ["$.deep", '{"c":"y"}'],
    ["$.constructor", undefined],
    ["$.__proto__", undefined],
    ["$.a.b.length", "2"],
    ["$.nothing.here", undefined],
  ])("%s finds %j", (path, value) => {
    expect(valueAtPath(body, path)).toBe(value);
  });
  test("a descent over a megabyte ends soon", () => {
    const big = JSON.stringify({ rows: Array.from({ length: 40_000 }, (_, n) => ({ id: n, name: "row" })) });
    const started = performance.now();
    expect(valueAtPath(big, "$..missing")).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

test.each([
  [200, ["200-299"], true],
  [299, ["200-299"], true],
  [300, ["200-299"], false],
  [418, ["200", "418"], true],
])("status %i in %j: %s", (status, expected, is) => {
  expect(isExpectedStatus(status, expected)).toBe(is);
});
