import { expect, test } from "vitest";
import { parseJobFilter } from "../job-filter.ts";
import type { Job } from "../schema/index.ts";
import { isEmptyFilter, matches } from "./matches.ts";

const NOW = new Date("2026-11-26T12:00:00Z");
const job: Omit<Job, "connection"> = {
  id: "Job-7", queue: "mail", name: "Send", state: "failed", priority: 5, key: "Order-9", attempt: 3, maxAttempts: 3, createdAt: new Date("2026-11-26T10:00:00Z"),
  startAfter: null, startedAt: null, finishedAt: null, durationMs: null, error: "Mailbox full",
};
const fits = (text: string, change: Partial<typeof job> = {}, data = '{"customer":{"id":42,"name":"Kim"},"list":[1,2]}') => matches(parseJobFilter(text), { job: { ...job, ...change }, data }, NOW);

test.each([
  ["id:job-7", true], ["id:7", true], ["-id:7", false], ["id:8", false],
  ["name:send", true], ["name:sen", false], ["-name:send", false], ["name:send name:other", true],
  ["error:mailbox", true], ["-error:mailbox", false], ["error:timeout", false],
  ["age:>1h", true], ["age:<1h", false], ["age:>=2h", true], ["age:<=2h", true], ["age:1h", true],
  ["priority:5", true], ["priority:<5", false], ["priority:<=5", true], ["priority:>4", true], ["priority:>=6", false],
  ["tried:>=3", true], ["tried:=2", false],
  ["data.customer.id:42", true], ["data.customer.name:Kim", true], ["data.customer:Kim", false], ["-data.customer.id:42", false], ["data.list.1:2", true], ["data.customer.id.deep:42", false], ["data.toString:x", false],
  ["order", true], ["full", true], ["nothing", false],
])("%s: %s", (text, isFit) => {
  expect(fits(text)).toBe(isFit);
});

test("what is not known fits no comparison, and data that is no JSON no path", () => {
  expect([fits("priority:>0", { priority: null }), fits("age:>1h", { createdAt: null }), fits("error:x", { error: null }), fits("word", { key: null })]).toEqual([false, false, false, false]);
  expect([fits("data.a:1", {}, "not json"), fits("-data.a:1", {}, "not json")]).toEqual([false, true]);
});

test("an empty filter asks for nothing; state and queue are asked elsewhere", () => {
  expect(["", "state:failed queue:mail", "word", "id:7", "data.a:1", "age:>1h"].map((text) => isEmptyFilter(parseJobFilter(text)))).toEqual([true, true, false, false, false, false]);
});
