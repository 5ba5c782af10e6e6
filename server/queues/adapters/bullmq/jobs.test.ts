import { expect, test } from "vitest";
import type { BullDesk } from "./desk.ts";
import { getJob, stateOfPlace } from "./jobs.ts";

/** A queue with one job, as its keys hold it. */
const deskWith = (hash: Record<string, string>, place: string): BullDesk =>
  ({ prefix: "bull", redis: { hgetall: () => Promise.resolve(hash), seaworthyPlaces: () => Promise.resolve([place]), lrange: () => Promise.resolve(["one line"]) } }) as unknown as BullDesk;
const read = (hash: Record<string, string>, place = "failed") => getJob(deskWith({ name: "send", timestamp: "1700000000000", ...hash }, place), { queue: "mail", id: "7" });

test.each([["wait", "waiting"], ["paused", "waiting"], ["prioritized", "waiting"], ["waiting-children", "delayed"], ["delayed", "delayed"], ["active", "active"], ["failed", "failed"], ["completed", "completed"], ["", null], ["elsewhere", null]])("%j is %s", (place, state) => {
  expect(stateOfPlace(place)).toBe(state);
});

test("a job without its fields, or nowhere, is none", async () => {
  expect(await getJob(deskWith({}, "failed"), { queue: "mail", id: "7" })).toBeNull();
  expect(await read({}, "")).toBeNull();
});

test("attempts come newest first, each with its stack; those that were dropped are said to be", async () => {
  const job = await read({ atm: "5", stacktrace: JSON.stringify(["TypeError: first\n at a", "Error: second\n at b"]), failedReason: "second", processedOn: "1700000001000", finishedOn: "1700000002500", pb: "worker 1" });
  expect(job?.attempts.map(({ number, error, worker }) => [number, error, worker])).toEqual([[5, "second", "worker 1"], [4, "first", null]]);
  expect(job).toMatchObject({ attempt: 5, durationMs: 1_500, attemptsNote: "The queue keeps the newest errors only.", logs: ["one line"] });
  expect(job?.timeline.map(({ what }) => what)).toEqual(["Added", "Attempt 5 started", "Failed for good"]);
});

test("an error without a stack is an attempt too", async () => {
  expect((await read({ failedReason: "stalled", attemptsMade: "2" }))?.attempts).toMatchObject([{ number: 2, error: "stalled", stack: null }]);
});

test.each([["stacktrace", "nonsense"], ["opts", "nonsense"], ["opts", "null"]])("%s that another program wrote (%s) is left out", async (field, text) => {
  expect(await read({ [field]: text })).toMatchObject({ attempts: [], maxAttempts: 1, options: [] });
});

test("options, result and progress are told, and a job that is delayed says when it may start", async () => {
  const job = await read({ opts: '{"attempts":4,"backoff":{"type":"fixed"}}', returnvalue: '"ok"', progress: "40", delay: "60000", priority: "3", deid: "key" }, "delayed");
  expect(job).toMatchObject({ state: "delayed", maxAttempts: 4, priority: 3, key: "key", attempt: 1, error: null });
  expect(job?.options.map(({ label }) => label)).toEqual(["attempts", "backoff", "result", "progress"]);
  expect(job?.timeline.map(({ what }) => what)).toEqual(["Added", "May start"]);
});

test("a job that is done says so", async () => {
  const job = await read({ atm: "1", processedOn: "1700000001000", finishedOn: "1700000001000" }, "completed");
  expect(job?.timeline.at(-1)?.what).toBe("Done");
  expect(job).toMatchObject({ attempts: [], attemptsNote: null, durationMs: 0 });
});
