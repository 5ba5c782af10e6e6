import { describe, expect, test } from "vitest";
import type { Bulk } from "../../server/queues/schema/index.ts";
import { etaOf, progressOf, resultWords, statusSentence } from "./operation-figures.ts";

const bulk = (change: Partial<Bulk>): Bulk => ({
  id: "qop_1", connection: "own", queue: "mail", operation: "retry", state: "failed", filter: "", isSelection: false, status: "running", total: 200, reached: 50, done: 48, already: 1, missing: 0, refused: 1,
  rate: 25, perSecond: null, priority: null, mostRedrives: 3, reason: "", trouble: null, startedBy: "Maya", createdAt: new Date(0), startedAt: null, finishedAt: null, ...change,
});

describe("figures of an operation", () => {
  test.each([
    [{}, 0.25, 6_000],
    [{ total: null }, null, null],
    [{ status: "done", reached: 190 }, 1, null],
    [{ status: "paused" }, 0.25, null],
    [{ rate: 0 }, 0.25, null],
    [{ reached: 260 }, 1, null],
  ] as const)("%j is so far, with so much left", (change, share, eta) => {
    expect(progressOf(bulk(change))).toBe(share);
    expect(etaOf(bulk(change))).toBe(eta);
  });

  test("results name only what happened", () => {
    expect(resultWords(bulk({}))).toBe("48 done, 1 were so already, 1 left as they were");
    expect(resultWords(bulk({ already: 0, refused: 0 }))).toBe("48 done");
  });

  test.each([
    [{ status: "waiting" }, "waits for a worker"],
    [{ trouble: "Redis is away." }, "held up: Redis is away."],
    [{ status: "failed", trouble: "There is no queue." }, "gave up: There is no queue."],
    [{ status: "paused" }, "paused after 50 jobs"],
    [{ status: "cancelled", already: 0, refused: 0 }, "cancelled: 48 done"],
  ] as const)("%j is said as %s", (change, sentence) => {
    expect(statusSentence(bulk(change))).toBe(sentence);
  });
});
