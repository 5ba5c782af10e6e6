import { afterAll, expect, test } from "vitest";
import { startAwakeClock } from "./testing/awake-clock.ts";

const { timed, stop } = startAwakeClock();
afterAll(stop);

test("waiting counts", async () => {
  expect(await timed(() => new Promise((resolve) => setTimeout(resolve, 300)))).toBeGreaterThan(200);
});

test("what blocks the process by its own work counts", async () => {
  const compute = async () => {
    const { user } = process.cpuUsage();
    while (process.cpuUsage().user - user < 300_000);
  };
  expect(await timed(compute)).toBeGreaterThan(250);
});

test("being put aside does not count", async () => {
  const aside = async () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  expect(await timed(aside)).toBeLessThan(200);
});
