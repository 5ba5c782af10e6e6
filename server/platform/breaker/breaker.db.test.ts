import { describe, expect, test } from "vitest";
import { openDatabase } from "../db.ts";
import { AppError } from "../errors.ts";
import { instruments } from "../metrics/registry.ts";
import { testDatabase } from "../testing/database.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import { DEFAULT_POLICY } from "./circuit.ts";
import { breakerPhases } from "./figures.ts";
import { ownCircuits, sharedCircuits } from "./store.ts";

const database = testDatabase();
const policy = { ...DEFAULT_POLICY, openMs: 200, leaseMs: 400 };
const boom = () => Promise.reject(new Error("boom"));
const fine = () => Promise.resolve("fine");

/** One breaker as several processes hold it: each with its own store over the same rows. */
const processes = (name: string, count: number, openMs = policy.openMs): Breaker[] =>
  Array.from({ length: count }, () => createBreaker({ name, policy: { ...policy, openMs }, store: sharedCircuits({ client: database.db }) }));

const phaseOf = async (name: string) => (await database.db.breaker.findUnique({ where: { name } }))?.phase;
const figure = async (metric: string, service: string) =>
  (await instruments().registry.getSingleMetric(metric)?.get())?.values.find(({ labels }) => labels.service === service)?.value;

describe("a breaker that processes share (G02)", () => {
  test("five failures in a row over all processes open it for all, and leave others alone", async () => {
    const [a, b, c] = processes("smtp:one", 3, DEFAULT_POLICY.openMs) as [Breaker, Breaker, Breaker];
    for (const one of [a, b, c, a, b]) await expect(one.run(boom)).rejects.toThrow("boom");
    expect(await phaseOf("smtp:one")).toBe("open");
    await expect(c.run(fine)).rejects.toMatchObject({ code: "unavailable", detail: { retryAfterSeconds: expect.any(Number) as number } });
    const [other] = processes("smtp:two", 1) as [Breaker];
    expect(await other.run(fine)).toBe("fine");
  });

  test("when its time has come exactly one of many tries, and its success closes it", async () => {
    const many = processes("smtp:half", 8);
    for (const one of many.slice(0, 5)) await expect(one.run(boom)).rejects.toThrow("boom");
    await expect.poll(async () => (await database.db.$queryRaw<{ is_due: boolean }[]>`SELECT now() - updated_at > interval '210 ms' AS is_due FROM "breaker" WHERE name = 'smtp:half'`)[0]?.is_due).toBe(true);
    let calls = 0;
    const gate = Promise.withResolvers<void>();
    const slow = async () => {
      calls += 1;
      await gate.promise;
      return "fine";
    };
    const tries = many.map((one) => one.run(slow).then(() => "ok", (error: unknown) => (error instanceof AppError ? error.code : "other")));
    await expect.poll(() => phaseOf("smtp:half")).toBe("half-open");
    // The others are refused while the one is still out.
    expect((await Promise.all(tries.map((one) => Promise.race([one, gate.promise.then(() => "late"), new Promise((resolve) => setTimeout(resolve, 150, "out"))])))).filter((word) => word === "unavailable")).toHaveLength(7);
    gate.resolve();
    const words = await Promise.all(tries);
    expect(words.toSorted()).toEqual(["ok", ...Array.from({ length: 7 }, () => "unavailable")]);
    expect(calls).toBe(1);
    expect(await phaseOf("smtp:half")).toBe("closed");
  });

  test("faults of the caller are signs of life", async () => {
    const [one] = processes("smtp:mine", 1) as [Breaker];
    for (let n = 0; n < 8; n++) await expect(one.run(boom, () => false)).rejects.toThrow("boom");
    expect(await phaseOf("smtp:mine")).toBe("closed");
  });

  test("state and outcomes are figures (MSG-052, MSG-053, MSG-054)", async () => {
    const [one] = processes("smtp:seen", 1) as [Breaker];
    await one.run(fine);
    for (let n = 0; n < 5; n++) await expect(one.run(boom)).rejects.toThrow("boom");
    expect(breakerPhases().get("smtp:seen")).toBe("open");
    expect(await figure("circuit_breaker_state", "smtp:seen")).toBe(1);
    expect(await figure("circuit_breaker_failures_total", "smtp:seen")).toBe(5);
    expect(await figure("circuit_breaker_successes_total", "smtp:seen")).toBe(1);
  });
});

test("without the database each process decides for itself", async () => {
  const away = openDatabase({ url: "postgresql://127.0.0.1:1/none", poolMax: 1, queryTimeoutMs: 500, connectTimeoutMs: 500, applicationName: "test" });
  const one = createBreaker({ name: "smtp:alone", policy, store: sharedCircuits(away, ownCircuits()) });
  for (let n = 0; n < 5; n++) await expect(one.run(boom)).rejects.toThrow("boom");
  await expect(one.run(fine)).rejects.toMatchObject({ code: "unavailable" });
  await away.close();
});
