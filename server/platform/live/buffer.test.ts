import { expect, test } from "vitest";
import { LiveBuffer } from "./buffer.ts";

const event = (n: number) => ({ eventId: String(n), event: { topic: "services" } });

test("resumes after a known id and refuses ids that are not, or no longer, known", () => {
  const buffer = new LiveBuffer(3);
  expect(buffer.lastId).toBeNull();
  for (const n of [1, 3, 2, 4]) buffer.push(event(n));
  expect(buffer.lastId).toBe("4");
  expect(buffer.after("3")).toEqual([event(2), event(4)]);
  expect(buffer.after("4")).toEqual([]);
  expect(buffer.after("1")).toBeNull();
  expect(buffer.after("9")).toBeNull();
});
