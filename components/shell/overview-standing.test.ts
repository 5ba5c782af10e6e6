import { describe, expect, test } from "vitest";
import type { Summary } from "../../server/queues/schema/index.ts";
import type { ServicesSummary } from "../../server/services/schema.ts";
import { overviewStanding, queueTrouble, staleStanding } from "./overview-standing.ts";

const services = (counts: Partial<ServicesSummary["counts"]>): ServicesSummary => ({
  counts: { all: 0, up: 0, degraded: 0, down: 0, unknown: 0, ...counts },
  checks: 0,
  pausedChecks: 0,
  worst: [],
  lastResultAt: null,
  nearestCertificate: null,
});
const none = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, dead: 0 };
const queue = (facts: Partial<Summary>): Summary => ({
  totals: none,
  depth: 0,
  oldestWaitingMs: null,
  oldestQueue: null,
  failedLastHour: 0,
  completedLastHour: 0,
  worstQueue: null,
  workers: 1,
  isStalled: false, warn: 0, critical: 0, connections: 1, down: [],
  queues: [],
  series: [],
  ...facts,
});

describe("queueTrouble", () => {
  test.each([
    [queue({}), null],
    [queue({ isStalled: true, workers: 0, oldestWaitingMs: 90_000 }), "Jobs wait for 1 min 30 s and no worker runs."],
    [queue({ isStalled: true, oldestWaitingMs: 90_000 }), "Jobs wait for 1 min 30 s and none is taken."],
    [queue({ totals: { ...none, dead: 1 } }), "1 dead letter waits for a decision."],
    [queue({ totals: { ...none, dead: 3 } }), "3 dead letters wait for a decision."],
  ])("%#", (facts, words) => expect(queueTrouble(facts)).toBe(words));
});

describe("overviewStanding", () => {
  test("is green only when services and queue are fine", () => {
    expect(overviewStanding(services({ all: 2, up: 2 }), queue({}))).toMatchObject({ tone: "ok" });
    expect(overviewStanding(services({ all: 2, up: 2 }), queue({ isStalled: true, workers: 0 }))).toMatchObject({ tone: "warn", lead: "Jobs wait and no worker runs." });
  });

  test("services in trouble stay in the lead", () => {
    const standing = overviewStanding(services({ all: 2, up: 1, down: 1 }), queue({ isStalled: true, workers: 0 }));
    expect(standing?.tone).toBe("fail");
    expect(standing?.rest).toContain("no worker runs");
  });

  test("nothing known says nothing", () => expect(overviewStanding(undefined, queue({}))).toBeUndefined());

  test("stale facts are told in the past and never green", () => {
    const stale = staleStanding({ tone: "ok", lead: "All 2 services are OK.", rest: "" }, new Date("2026-11-17T07:03:40Z"));
    expect(stale).toEqual({ tone: "unknown", lead: "We cannot say how things stand now.", rest: "At 07:03:40: All 2 services are OK." });
  });
});
