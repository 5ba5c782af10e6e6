import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { runChecks } from "./check.ts";
import { judgeBreakers } from "./breaker-check.ts";
import { isReady, judge, judgeConsole, publicView, type CheckStatus, type HealthDocument } from "./judge.ts";
import { livenessDocument } from "./live.ts";
import { judgeDisk, judgeLoop, judgeMemory } from "./process-checks.ts";
import { runCheck, type Check } from "./run-check.ts";

const GIB = 1_024 ** 3;

describe("overall state (SRV-043, C28)", () => {
  test.each<{ checks: Record<string, CheckStatus>; status: string; why: string }>([
    { why: "nothing to check", checks: {}, status: "healthy" },
    { why: "all up", checks: { database: "up", queue: "up", memory: "up" }, status: "healthy" },
    { why: "an optional part is degraded", checks: { database: "up", memory: "degraded" }, status: "degraded" },
    { why: "an optional part is down", checks: { database: "up", redis: "down" }, status: "degraded" },
    { why: "a critical part is degraded", checks: { database: "up", queue: "degraded" }, status: "degraded" },
    { why: "the database is down", checks: { database: "down", memory: "up" }, status: "unhealthy" },
    { why: "the queue is down and another degraded", checks: { database: "up", queue: "down", disk: "degraded" }, status: "unhealthy" },
  ])("$why: $status", ({ checks, status }) => {
    const results = Object.fromEntries(Object.entries(checks).map(([name, value]) => [name, { status: value }]));
    expect(judge(results)).toBe(status);
  });

  test("is healthy exactly when everything is up, and unhealthy exactly when a critical part is down", () => {
    const name = fc.constantFrom("database", "queue", "redis", "memory", "disk", "pool");
    const state = fc.constantFrom<CheckStatus>("up", "degraded", "down");
    fc.assert(
      fc.property(fc.dictionary(name, state.map((status) => ({ status }))), (checks) => {
        const verdict = judge(checks);
        expect(verdict === "healthy").toBe(Object.values(checks).every((check) => check.status === "up"));
        expect(verdict === "unhealthy").toBe(["database", "queue"].some((critical) => checks[critical]?.status === "down"));
      }),
    );
  });

  test("a database that is away makes a console with last known facts read-only, one without unhealthy (C31)", () => {
    const away = { database: { status: "down" }, queue: { status: "down" }, memory: { status: "up" } } as const;
    expect(judgeConsole(away, true)).toEqual({ status: "degraded", mode: "read-only" });
    expect(judgeConsole(away, false)).toEqual({ status: "unhealthy" });
    expect(judgeConsole({ database: { status: "up" }, queue: { status: "down" } }, true)).toEqual({ status: "unhealthy" });
    expect(judgeConsole({ database: { status: "up" } }, true)).toEqual({ status: "healthy" });
  });

  test("breakers that are not closed are degraded and named (C28)", () => {
    expect(judgeBreakers(new Map([["database", "closed"]]))).toEqual({ status: "up", detail: { database: "closed" } });
    expect(judgeBreakers(new Map([["smtp:one", "open"], ["database", "closed"], ["oidc", "half-open"]]))).toMatchObject({
      status: "degraded",
      error: expect.stringContaining("smtp:one, oidc"),
      detail: { "smtp:one": "open", database: "closed", oidc: "trying again" },
    });
  });

  test("is ready unless unhealthy (SRV-046, C31)", () => {
    expect([isReady({ status: "healthy" }), isReady({ status: "degraded" }), isReady({ status: "unhealthy" })]).toEqual([true, true, false]);
  });
});

describe("process checks", () => {
  test.each([
    { usedBytes: 0.5 * GIB, status: "up" },
    { usedBytes: 0.9 * GIB, status: "up" },
    { usedBytes: 0.91 * GIB, status: "degraded" },
  ])("a heap of $usedBytes bytes of 1 GiB is $status (SRV-042, C32)", ({ usedBytes, status }) => {
    expect(judgeMemory({ usedBytes, limitBytes: GIB, rssBytes: 2 * GIB }).status).toBe(status);
  });

  test.each([
    { freeBytes: 50 * GIB, status: "up" },
    { freeBytes: 9 * GIB, status: "degraded" },
    { freeBytes: 0.5 * GIB, status: "down" },
  ])("$freeBytes bytes free of 100 GiB are $status", ({ freeBytes, status }) => {
    expect(judgeDisk({ freeBytes, totalBytes: 100 * GIB }).status).toBe(status);
  });

  test("a late event loop is degraded", () => {
    expect([judgeLoop(21).status, judgeLoop(400).status]).toEqual(["up", "degraded"]);
  });
});

describe("one check", () => {
  test("that throws is down and says why (SRV-039)", async () => {
    expect(await runCheck(() => Promise.reject(new Error("refused")))).toMatchObject({ status: "down", error: "refused" });
    const throwing: Check = () => {
      throw new Error("at once");
    };
    expect(await runCheck(throwing)).toMatchObject({ status: "down", error: "at once" });
  });

  test("that hangs is left behind in its time and told to give up", async () => {
    let isAborted = false;
    const hanging: Check = (signal) => {
      signal.addEventListener("abort", () => (isAborted = true));
      return Promise.withResolvers<never>().promise;
    };
    const result = await runCheck(hanging, 30);
    expect(result).toMatchObject({ status: "down", error: "No answer within 30 ms." });
    expect(isAborted).toBe(true);
  });
});

test("everything hanging is known within five seconds (PDF-023)", async () => {
  const hang: Check = () => Promise.withResolvers<never>().promise;
  const names = ["database", "pool", "queue", "redis", "eventLoop", "memory", "disk", "more"];
  const startedAt = performance.now();
  const document = await runChecks(Object.fromEntries(names.map((name) => [name, hang])), systemClock);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(document.status).toBe("unhealthy");
});

test("anyone may see states and times, nothing else", () => {
  const document: HealthDocument = {
    status: "unhealthy",
    timestamp: "2026-01-01T00:00:00.000Z",
    uptime: 5,
    version: "1.2.3",
    checks: { database: { status: "down", responseTimeMs: 7, error: "connect ECONNREFUSED 10.1.2.3:5432", detail: { path: "/srv" } } },
  };
  expect(publicView(document)).toEqual({ ...document, checks: { database: { status: "down", responseTimeMs: 7 } } });
});

test("liveness says status, time, uptime and version (SRV-044, SRV-045)", () => {
  const document = livenessDocument(new Date(0));
  expect(document).toEqual({ status: "healthy", timestamp: "1970-01-01T00:00:00.000Z", uptime: expect.any(Number), version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});
