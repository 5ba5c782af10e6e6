import { describe, expect, test } from "vitest";
import { HeartbeatCheck } from "./check-config.ts";
import { completeHeartbeat, expectedAfter, readHeartbeat } from "./heartbeat.ts";
import { pingOf } from "./ping.ts";
import type { HeartbeatFacts } from "./probes/reading.ts";

const at = (time: string) => new Date(`2026-11-26T${time}Z`);
const hourly = HeartbeatCheck.parse({ kind: "heartbeat", periodSeconds: 3_600, graceSeconds: 600 });
const facts = (given: Partial<HeartbeatFacts> = {}): HeartbeatFacts => ({ createdAt: at("06:00:00"), succeededAt: null, failedAt: null, startedAt: null, lastRunMs: null, lastNote: "", ...given });

describe("an hourly heartbeat with ten minutes of grace", () => {
  test.each<[string, Partial<HeartbeatFacts>, [now: string, verdict: string, message: string]]>([
    ["before its first ping", {}, ["06:30:00", "unknown", "waiting for the first ping"]],
    ["that never came", {}, ["07:10:01", "down", "never pinged since it was added"]],
    ["just pinged", { succeededAt: at("09:00:00") }, ["09:00:20", "up", "last ping 20 s ago"]],
    ["at the end of its period", { succeededAt: at("09:00:00") }, ["10:00:00", "up", "last ping 60 min ago"]],
    ["late, within its grace", { succeededAt: at("09:00:00") }, ["10:05:00", "degraded", "5 min late"]],
    ["at the end of its grace", { succeededAt: at("09:00:00") }, ["10:10:00", "degraded", "10 min late"]],
    ["after its grace", { succeededAt: at("09:00:00") }, ["10:10:01", "down", "no ping for 70 min"]],
    ["long after", { succeededAt: at("06:00:00") }, ["14:00:00", "down", "no ping for 8 h"]],
    ["that failed", { succeededAt: at("09:00:00"), failedAt: at("09:30:00"), lastNote: "exit code 2" }, ["09:31:00", "down", "the job reported a failure: exit code 2"]],
    ["that failed and then succeeded", { succeededAt: at("09:40:00"), failedAt: at("09:30:00") }, ["09:41:00", "up", "last ping 1 min ago"]],
    ["that runs", { succeededAt: at("09:00:00"), startedAt: at("09:55:00") }, ["09:56:00", "up", "last ping 56 min ago"]],
    ["that started and hangs", { succeededAt: at("09:00:00"), startedAt: at("09:10:00") }, ["09:20:01", "down", "started 10 min ago and has not finished"]],
    ["whose clock went back", { succeededAt: at("11:00:00") }, ["10:59:00", "up", "last ping 0 s ago"]],
  ])("%s", (_name, given, [now, verdict, message]) => {
    expect(readHeartbeat(hourly, facts(given), at(now))).toMatchObject({ verdict, message });
  });

  test("tells how long the last run took", () => {
    expect(readHeartbeat(hourly, facts({ succeededAt: at("09:00:00"), lastRunMs: 4_200 }), at("09:01:00")).latencyMs).toBe(4_200);
  });
});

test("a schedule is read in its zone, across a change of the clocks", () => {
  const nightly = HeartbeatCheck.parse({ kind: "heartbeat", schedule: "30 2 * * *", timeZone: "Europe/Berlin" });
  expect(expectedAfter(nightly, new Date("2026-10-24T02:00:00Z")).toISOString()).toBe("2026-10-25T00:30:00.000Z");
  expect(expectedAfter(nightly, new Date("2026-10-25T00:30:00Z")).toISOString()).toBe("2026-10-26T01:30:00.000Z");
});

describe("the address", () => {
  test("is made once and kept", () => {
    const made = completeHeartbeat(hourly);
    expect(made).toMatchObject({ pingId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(completeHeartbeat({ ...hourly, pingId: crypto.randomUUID() }, made)).toEqual(made);
    expect(completeHeartbeat({ kind: "self" })).toEqual({ kind: "self" });
  });

  test.each([[{ schedule: "61 * * * *" }], [{ schedule: "0 2 * * *", timeZone: "Mars/Base" }], [{ schedule: "0 2 30 2 *" }]])("is not given to %o", (given) => {
    expect(() => completeHeartbeat(HeartbeatCheck.parse({ kind: "heartbeat", ...given }))).toThrow(expect.objectContaining({ code: "invalid" }) as Error);
  });

  test("a period or a schedule, one of the two", () => {
    expect(HeartbeatCheck.safeParse({ kind: "heartbeat" }).success).toBe(false);
    expect(HeartbeatCheck.safeParse({ kind: "heartbeat", periodSeconds: 60, schedule: "0 2 * * *" }).success).toBe(false);
    expect(HeartbeatCheck.safeParse({ kind: "heartbeat", periodSeconds: 59 }).success).toBe(false);
  });
});

describe("what an address says", () => {
  const id = "0f1e2d3c-1111-4222-8333-444455556666";
  test.each([
    [[id], { kind: "success" }],
    [[id.toUpperCase(), "start"], { kind: "start", pingId: id }],
    [[id, "fail"], { kind: "fail" }],
    [[id, "log"], { kind: "log" }],
    [[id, "0"], { kind: "success", exitCode: 0 }],
    [[id, "255"], { kind: "success", exitCode: 255 }],
  ])("%j", (segments, wanted) => {
    expect(pingOf(segments, { runId: null, note: "" })).toMatchObject(wanted);
  });

  test.each([[[]], [["nonsense"]], [[id, "256"]], [[id, "stop"]], [[id, "__proto__"]], [[id, "start", "x"]], [[id, "-1"]]])("%j says nothing", (segments) => {
    expect(pingOf(segments, { runId: null, note: "" })).toBeNull();
  });

  test("a note is cut to what is kept; a run has a name", () => {
    expect(pingOf([id], { runId: "r1", note: "x".repeat(9_000) })).toMatchObject({ runId: "r1", note: "x".repeat(500) });
    expect(pingOf([id], { runId: "r".repeat(81), note: "" })).toBeNull();
  });
});
