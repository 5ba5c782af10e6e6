import { describe, expect, test } from "vitest";
import type { Queue, Summary } from "../../server/queues/schema/index.ts";
import { readQueueSort, sortQueues } from "./queue-order.ts";
import { queueSentence, queuesSentence } from "./queues-sentence.ts";

const none = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, dead: 0 };
const base: Summary = {
  totals: none,
  depth: 0,
  oldestWaitingMs: null,
  oldestQueue: null,
  failedLastHour: 0,
  completedLastHour: 4,
  worstQueue: null,
  workers: 1,
  isStalled: false,
  warn: 0,
  critical: 0,
  connections: 1,
  down: [],
  queues: [],
  series: [],
};

describe("queuesSentence", () => {
  test.each<[Partial<Summary>, string, string]>([
    [{}, "ok", "Jobs are taken as they come."],
    [{ failedLastHour: 2, worstQueue: "mail.send" }, "warn", "2 jobs failed in the last hour, most in mail.send."],
    [{ totals: { ...none, dead: 1 }, failedLastHour: 2 }, "warn", "1 dead letter waits for a decision."],
    [{ isStalled: true, oldestWaitingMs: 90_000 }, "fail", "Jobs wait and none is taken."],
    [{ workers: 0 }, "warn", "No worker runs."],
    [{ workers: 0, totals: { ...none, waiting: 1 } }, "fail", "No worker runs."],
  ])("%j is %s", (facts, tone, lead) => expect(queuesSentence({ ...base, ...facts })).toMatchObject({ tone, lead }));
});

describe("queueSentence", () => {
  const since = new Date(0);
  const one = { counts: none, oldestWaitingMs: null, failedLastHour: 0, completedLastHour: 4, broken: [] };
  test.each<[Partial<Parameters<typeof queueSentence>[0]>, string, string]>([
    [{}, "ok", "Nothing waits."],
    [{ counts: { ...none, waiting: 2 }, oldestWaitingMs: 4_000 }, "ok", "2 jobs wait,"],
    [{ failedLastHour: 1 }, "warn", "1 attempt failed in the last hour."],
    [{ counts: { ...none, dead: 2 } }, "fail", "2 dead letters wait for a decision."],
    [{ broken: [{ rule: "oldest", level: "warn", since, value: 400 }] }, "warn", "Oldest waits 6 min 40 s."],
    [{ counts: { ...none, dead: 2 }, broken: [{ rule: "noConsumer", level: "critical", since, value: 4 }] }, "fail", "4 wait, no worker."],
  ])("%j is %s", (facts, tone, lead) => expect(queueSentence({ ...one, ...facts })).toMatchObject({ tone, lead }));
});

describe("queue order", () => {
  const queue = (name: string, dead: number): Queue => ({ name, connection: "own", counts: { ...none, dead }, depth: 0, oldestWaitingMs: null, failedLastHour: 0, completedLastHour: 0, isPaused: false, consumers: 1, connectionName: "Seaworthy", readAt: new Date(0), level: dead > 0 ? "warn" : "ok", broken: [], sparkline: [] });
  const names = (text: string) => sortQueues([queue("b", 0), queue("a", 0), queue("c", 3)], readQueueSort(text)).map(({ name }) => name);

  test.each([["", "c,a,b"], ["nonsense", "c,a,b"], ["dead:desc", "c,a,b"], ["name:asc", "a,b,c"], ["name:desc", "c,b,a"], ["dead:asc", "a,b,c"], ["oldest:desc", "a,b,c"]])("%s", (text, order) =>
    expect(names(text).join()).toBe(order),
  );
});
