/** The k6 scripts, run without k6: its modules are stood in for, so that a script that cannot be read, asks for an address that is not there or sets a bound that is none is found here. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runInNewContext } from "node:vm";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { SCENARIOS } from "./scenarios.ts";

const folder = path.join(import.meta.dirname, "k6");
const URL_BEFORE = "http://console.test";

type Asked = { method: string; path: string; body: string; headers: Record<string, string> };
type Options = { vus?: number; duration?: string; stages?: Stage[]; scenarios?: Record<string, { stages?: Stage[]; duration?: string }>; thresholds: Record<string, string[]> };
type Stage = { duration: string; target: number };
type Params = { headers?: Record<string, string> };

function load(name: string, env: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const checks: [string, boolean][] = [];
  const ask = (address: string, { method, params = {}, body = "{}" }: { method: string; params?: Params; body?: string }) => {
    asked.push({ method, path: address.replace(URL_BEFORE, ""), headers: params.headers ?? {}, body });
    return { status: 200 };
  };
  const http = { get: (address: string, params?: Params) => ask(address, { method: "GET", params }), post: (address: string, body: string, params?: Params) => ask(address, { method: "POST", body, params }) };
  const k6 = { sleep: () => undefined, check: (answer: unknown, all: Record<string, (answer: unknown) => boolean>) => Object.entries(all).forEach(([what, holds]) => checks.push([what, holds(answer)])) };
  const modules: Record<string, unknown> = { k6, "k6/http": { __esModule: true, default: http } };
  const module = { exports: {} as { default: () => void; options: Options } };
  const { code } = transformSync(readFileSync(path.join(folder, `${name}.js`), "utf8"), { format: "cjs", target: "es2022" });
  runInNewContext(code, { module, require: (wanted: string) => modules[wanted], __ENV: { URL: URL_BEFORE, ...env }, __VU: 1, __ITER: 0 });
  return { visit: module.exports.default, options: module.exports.options, asked, checks };
}

const scripts = readdirSync(folder).map((file) => file.replace(/\.js$/, ""));

test("every scenario has its script and every script its scenario", () => {
  expect(scripts.toSorted()).toEqual(SCENARIOS.map(({ name }) => name).toSorted());
});

describe.each(scripts)("%s", (name) => {
  test("sets stages and bounds that k6 can read", () => {
    const { options } = load(name);
    const stages = [...(options.stages ?? []), ...Object.values(options.scenarios ?? {}).flatMap((one) => one.stages ?? [])];
    const durations = [...stages.map(({ duration }) => duration), ...[options, ...Object.values(options.scenarios ?? {})].flatMap((one) => one.duration ?? [])];
    expect(durations.length).toBeGreaterThan(0);
    for (const duration of durations) expect(duration).toMatch(/^(\d+(h|m|s|ms))+$/);
    expect(options.thresholds["http_req_failed"]).toHaveLength(1);
    for (const bound of Object.values(options.thresholds).flat()) expect(bound).toMatch(/^(p\(\d+\)|rate)<[\d.]+$/);
  });

  test("asks for what its scenario asks for, with the key where one is needed", () => {
    const { visit, asked, checks } = load(name, { KEY: "sw_test" });
    for (let turn = 0; turn < 50; turn++) visit();
    const wanted = SCENARIOS.find((scenario) => scenario.name === name)?.requests ?? [];
    for (const one of asked) {
      const match = wanted.find((request) => request.method === one.method && request.path === one.path);
      expect(match, `${one.method} ${one.path}`).toBeDefined();
      expect(one.headers["Authorization"]).toBe(match?.isPublic ? undefined : "Bearer sw_test");
      expect(() => JSON.parse(one.body) as unknown).not.toThrow();
    }
    expect(checks.every(([, holds]) => holds)).toBe(true);
  });
});
