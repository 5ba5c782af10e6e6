import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_COMPONENTS, MAX_DETAIL_LENGTH, MAX_NAME_LENGTH } from "./document.ts";
import { isDeeperThan } from "./json.ts";
import { decodeBody, plainText } from "./plain-text.ts";
import { readHealthDocument } from "./read-document.ts";

const read = (document: unknown) => readHealthDocument(JSON.stringify(document));

describe("health documents are recognised by content", () => {
  test("status, timestamp, uptime, version, checks (SRV-038, SRV-039, SRV-044)", () => {
    const found = read({
      status: "degraded",
      timestamp: "2026-11-22T01:00:00.000Z",
      uptime: 12.5,
      version: "1.2.3",
      checks: { database: { status: "up", responseTime: 4 }, redis: { status: "down", responseTime: 1000, error: "connect ECONNREFUSED" }, memory: "up" },
    });
    const observedAt = new Date("2026-11-22T01:00:00.000Z");
    expect(found).toEqual({
      dialect: "checks",
      verdict: "degraded",
      components: [
        { name: "database", verdict: "up", detail: null, value: 4, unit: "ms", observedAt },
        { name: "redis", verdict: "down", detail: "connect ECONNREFUSED", value: 1000, unit: "ms", observedAt },
        { name: "memory", verdict: "up", detail: null, value: null, unit: null, observedAt },
      ],
    });
  });
  test("IETF health+json", () => {
    const found = read({
      status: "warn",
      releaseId: "1",
      checks: {
        "cpu:utilization": [
          { componentId: "node-1", observedValue: 85, observedUnit: "percent", status: "warn", time: "2026-01-17T03:36:48Z", output: "" },
          { componentId: "node-2", observedValue: 20, observedUnit: "percent", status: "pass" },
        ],
        uptime: [{ componentType: "system", observedValue: 1209600.25, observedUnit: "s", status: "pass" }],
        "db:state": [{ status: "fail", output: "refused", observedValue: "closed" }],
      },
    });
    expect(found?.dialect).toBe("ietf");
    expect(found?.components.map((component) => [component.name, component.verdict, component.value, component.unit, component.detail])).toEqual([
      ["cpu:utilization node-1", "degraded", 85, "percent", null],
      ["cpu:utilization node-2", "up", 20, "percent", null],
      ["uptime", "up", 1209600.25, "s", null],
      ["db:state", "down", null, null, "refused"],
    ]);
  });
  test("Spring Boot Actuator, nested", () => {
    const found = read({
      status: "DOWN",
      components: {
        db: { status: "UP", components: { primary: { status: "UP", details: { database: "PostgreSQL" } }, replica: { status: "DOWN", details: { error: "timeout" } } } },
        diskSpace: { status: "OUT_OF_SERVICE", details: { total: 1, free: 0 } },
        custom: { status: "SOMETHING" },
      },
    });
    expect(found).toMatchObject({ dialect: "spring", verdict: "down" });
    expect(found?.components.map((component) => [component.name, component.verdict, component.detail])).toEqual([
      ["db", "up", null],
      ["db/primary", "up", null],
      ["db/replica", "down", "timeout"],
      ["diskSpace", "down", null],
    ]);
  });
  test("ASP.NET Core", () => {
    const found = read({ status: "Degraded", totalDuration: "00:00:01", entries: { sql: { status: "Degraded", duration: "00:00:00.1250000", description: "slow" } } });
    expect(found).toEqual({ dialect: "aspnet", verdict: "degraded", components: [{ name: "sql", verdict: "degraded", detail: "slow", value: 125, unit: "ms", observedAt: null }] });
  });
  test.each([{ status: "ok" }, { status: "weird", checks: {} }, { checks: { a: { status: "up" } } }, [], null, 1, "up", { status: 1, components: {} }])("%j is no health document", (document) => {
    expect(read(document)).toBeNull();
  });
});

describe("hostile documents", () => {
  test("deep nesting is refused before parsing", () => {
    const deep = `{"status":"UP","components":${'{"a":{"status":"UP","components":'.repeat(100_000)}{}${"}}".repeat(100_000)}}`;
    expect(readHealthDocument(deep)).toBeNull();
    expect(isDeeperThan('{"a":"[[[[{{{{\\"[["}', 2)).toBe(false);
  });
  test("thousands of components are cut at the limit", () => {
    const many = (value: unknown) => Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`c${n}`, value]));
    expect(read({ status: "up", checks: many({ status: "up" }) })?.components).toHaveLength(MAX_COMPONENTS);
    expect(read({ status: "UP", components: many({ status: "UP" }) })?.components).toHaveLength(MAX_COMPONENTS);
    expect(read({ status: "pass", checks: { a: Array.from({ length: 20_000 }, () => ({ status: "pass" })) } })?.components).toHaveLength(MAX_COMPONENTS);
  });
  test("names of the prototype are plain names", () => {
    const found = readHealthDocument('{"status":"up","checks":{"__proto__":{"status":"down"},"constructor":{"status":"up"},"toString":{}}}');
    expect(found?.components.map((component) => [component.name, component.verdict])).toEqual([["__proto__", "down"], ["constructor", "up"], ["toString", "unknown"]]);
    expect(({} as { status?: string }).status).toBeUndefined();
  });
  test("names are short, unique and free of control characters", () => {
    const long = "n".repeat(200);
    const found = read({ status: "up", checks: { [`${long}1`]: { status: "up" }, [`${long}2`]: { status: "up" }, "a\u0000b\nc": { status: "down", error: "x\u0000y".repeat(500) } } });
    const names = found?.components.map((component) => component.name) ?? [];
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => name.length <= MAX_NAME_LENGTH)).toBe(true);
    expect(names[2]).toBe("a b c");
    expect(found?.components[2]?.detail).not.toContain("\u0000");
  });
  test("any JSON and any text: bounded result, never an exception", { timeout: 60_000 }, () => {
    const nested = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("UP", "down", "pass", "warn", "fail", "", null, 1, -1e308, "2026-01-01T00:00:00Z", "+275760-09-13T00:00:00Z"),
        fc.array(tie("node"), { maxLength: 5 }),
        fc.dictionary(fc.oneof(fc.constantFrom("status", "checks", "components", "details", "entries", "results", "time", "observedValue", "error", "__proto__"), fc.string()), tie("node"), { maxKeys: 6 }),
      ),
    })).node;
    const check = (text: string) => {
      const found = readHealthDocument(text);
      for (const component of found?.components ?? []) {
        expect(component.name.length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
        expect(component.detail?.length ?? 0).toBeLessThanOrEqual(MAX_DETAIL_LENGTH);
        expect(component.observedAt === null || Number.isFinite(component.observedAt.getTime())).toBe(true);
        expect(component.value === null || component.value === undefined || Number.isFinite(component.value)).toBe(true);
      }
    };
    fc.assert(fc.property(nested, (value) => check(JSON.stringify({ status: "up", checks: value }) ?? "")), { numRuns: 500 });
    fc.assert(fc.property(nested, (value) => check(JSON.stringify({ status: "UP", components: value }) ?? "")), { numRuns: 500 });
    fc.assert(fc.property(fc.string({ unit: "binary" }), check));
  });
});

describe("bodies in any charset", () => {
  const json = '{"status":"ok","ü":1}';
  test.each([
    ["utf-8", Buffer.from(json), "application/json", json],
    ["utf-8 with a mark", Buffer.from(`\uFEFF${json}`), "application/json; charset=iso-8859-1", json],
    ["latin-1, declared", Buffer.from(json, "latin1"), "application/json; charset=ISO-8859-1", json],
    ["utf-16le with a mark", Buffer.from(`\uFEFF${json}`, "utf16le"), undefined, json],
    ["an unknown label", Buffer.from(json), "application/json; charset=klingon", json],
  ])("%s", (...row) => {
    const [, body, type, text] = row;
    expect(decodeBody(body, type)).toBe(text);
  });
  test("wrong bytes never fail", () => {
    fc.assert(fc.property(fc.uint8Array(), fc.option(fc.string(), { nil: undefined }), (body, type) => void decodeBody(body, type)));
    fc.assert(fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 50 }), (text, max) => {
      const plain = plainText(text, max);
      expect(plain.length).toBeLessThanOrEqual(max);
      expect(plain.isWellFormed()).toBe(true);
    }));
  });
});
