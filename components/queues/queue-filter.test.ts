import { expect, test } from "vitest";
import type { Queue } from "../../server/queues/schema/index.ts";
import { filterQueues, levelChip, levelChips, withLevel } from "./queue-filter.ts";

const none = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, dead: 0 };
const queue = (name: string, facts: Partial<Queue> = {}): Queue => ({
  name, connection: "own", connectionName: "Seaworthy", counts: none, depth: 0, oldestWaitingMs: null, failedLastHour: 0, completedLastHour: 0, isPaused: false, consumers: 1,
  readAt: new Date(0), level: "ok", broken: [], sparkline: [], ...facts,
});
const queues = [queue("mail"), queue("reports", { level: "critical" }), queue("mail out", { connection: "shop", connectionName: "Shop Redis", isPaused: true, level: "warn" })];

test.each([
  ["", "mail,reports,mail out"],
  ["mail", "mail,mail out"],
  ["redis", "mail out"],
  ["level:critical", "reports"],
  ["level:critical level:warn", "reports,mail out"],
  ["connection:shop mail", "mail out"],
  ["is:paused", "mail out"],
])("%s finds %s", (text, names) => expect(filterQueues(queues, text).map(({ name }) => name).join()).toBe(names));

test("chips stand for one level and keep the rest of the filter", () => {
  expect(levelChip("level:warn mail")).toBe("warn");
  expect(levelChip("mail")).toBe("all");
  expect(withLevel("level:warn mail", "critical")).toBe("level:critical mail");
  expect(withLevel("level:warn mail", "all")).toBe("mail");
  expect(levelChips(queues).map(({ count }) => count)).toEqual([3, 1, 1, 1]);
});
