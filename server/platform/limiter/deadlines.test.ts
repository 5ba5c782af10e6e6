import { describe, expect, test, vi } from "vitest";
import { createDeadlines, LATE } from "./deadlines.ts";

describe("a deadline for many waits", () => {
  test("gives results and failures that come in time, and says who is late", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const { inTime } = createDeadlines(250);
      const never = new Promise<number>(() => undefined);
      const slow = Promise.withResolvers<number>();
      const late = inTime(never);
      await vi.advanceTimersByTimeAsync(200);
      const inside = inTime(slow.promise);
      expect(await inTime(Promise.resolve(7))).toBe(7);
      await expect(inTime(Promise.reject(new Error("refused")))).rejects.toThrow("refused");
      await vi.advanceTimersByTimeAsync(60);
      expect(await late).toBe(LATE);
      slow.resolve(9);
      expect(await inside).toBe(9);
      const again = inTime(never);
      await vi.advanceTimersByTimeAsync(251);
      expect(await again).toBe(LATE);
    } finally {
      vi.useRealTimers();
    }
  });

  test("one that ends after its deadline does not lose those beside it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const { inTime } = createDeadlines(50);
      const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
      const late = inTime(first.promise);
      await vi.advanceTimersByTimeAsync(30);
      const beside = inTime(second.promise);
      await vi.advanceTimersByTimeAsync(30);
      expect(await late).toBe(LATE);
      const newest = inTime(new Promise(() => undefined));
      first.resolve(1);
      await vi.advanceTimersByTimeAsync(30);
      expect(await beside).toBe(LATE);
      await vi.advanceTimersByTimeAsync(30);
      expect(await newest).toBe(LATE);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a failure after the deadline harms nobody", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const { inTime } = createDeadlines(50);
      const work = Promise.withResolvers<number>();
      const late = inTime(work.promise);
      await vi.advanceTimersByTimeAsync(51);
      expect(await late).toBe(LATE);
      work.reject(new Error("too late"));
      await vi.advanceTimersByTimeAsync(10);
    } finally {
      vi.useRealTimers();
    }
  });
});
