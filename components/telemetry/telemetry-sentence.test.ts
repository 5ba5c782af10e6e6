import { expect, test } from "vitest";
import type { Process, SlowQueries } from "../../server/telemetry/schema.ts";
import { telemetrySentence } from "./telemetry-sentence.ts";

const at = new Date("2027-01-15T12:00:00Z");
const web: Process = { id: "prc_1", role: "web", host: "h", pid: 1, version: "1.0.0", startedAt: at, lastSeenAt: at, isAlive: true, memoryBytes: 1, eventLoopLagMs: 12, openConnections: 2 };
const worker: Process = { ...web, id: "prc_2", role: "worker" };
const quiet: SlowQueries = { state: "available", since: at, items: [], nextCursor: null };
const slow: SlowQueries = { ...quiet, items: [{ id: "1", text: "SELECT 1", calls: 1, totalMs: 120, meanMs: 120, maxMs: 120, rows: 1 }] };

test.each([
  { why: "quiet", processes: [web, worker], queries: quiet, tone: "ok", lead: "2 processes run.", rest: "No statement took 100 ms or more." },
  { why: "slow statements", processes: [web, worker], queries: slow, tone: "ok", lead: "2 processes run.", rest: "1 statement took 100 ms or more at least once." },
  { why: "no counting", processes: [web, worker], queries: { ...quiet, state: "notLoaded" as const }, tone: "ok", lead: "2 processes run.", rest: "The database does not count its statements." },
  { why: "a silent process", processes: [web, { ...worker, isAlive: false }], queries: slow, tone: "fail", lead: "1 process has fallen silent.", rest: "1 process runs." },
  { why: "a late process", processes: [{ ...web, eventLoopLagMs: 251 }, worker], queries: quiet, tone: "warn", lead: "1 process runs late.", rest: "Its timers fire a quarter of a second after their time or more." },
  { why: "no worker", processes: [web], queries: quiet, tone: "warn", lead: "No worker runs.", rest: "Pages answer, but no check and no job is done." },
])("$why", ({ processes, queries, tone, lead, rest }) => {
  expect(telemetrySentence(processes, queries)).toEqual({ tone, lead, rest });
});
