import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { STATES, type State } from "./schema.ts";
import { regroupBars, secondsInStates, sumStates, uptimeOf, type Change } from "./uptime.ts";

const FROM = new Date("2027-01-15T12:00:00Z");
const at = (seconds: number) => new Date(FROM.getTime() + seconds * 1_000);
const HOUR = { from: FROM, to: at(3_600) };
const NONE = { up: 0, degraded: 0, down: 0, unknown: 0 };
const change = (seconds: number, from: State, to: State): Change => ({ at: at(seconds), from, to });

describe("uptime", () => {
  test.each([
    ["all up", { ...NONE, up: 10 }, 1],
    ["degraded counts as up", { ...NONE, degraded: 10 }, 1],
    ["down counts against", { ...NONE, up: 9, down: 1 }, 0.9],
    ["unknown is not charged", { ...NONE, up: 9, down: 1, unknown: 90 }, 0.9],
    ["nothing known", { ...NONE, unknown: 90 }, null],
    ["nothing at all", NONE, null],
    ["18 minutes of a day (the mockup's 98.75 %)", { ...NONE, up: 86_400 - 1_080, down: 1_080 }, 0.9875],
  ])("%s", (_name, seconds, expected) => expect(uptimeOf(seconds)).toBe(expected));

  it("lies between 0 and 1 and does not depend on how time is cut", () => {
    const part = fc.record({ up: fc.nat(9_999), degraded: fc.nat(9_999), down: fc.nat(9_999), unknown: fc.nat(9_999) });
    fc.assert(
      fc.property(fc.array(part), fc.nat(), (parts, cut) => {
        const ratio = uptimeOf(sumStates(parts));
        expect(ratio === null || (ratio >= 0 && ratio <= 1)).toBe(true);
        const n = parts.length === 0 ? 0 : cut % parts.length;
        expect(uptimeOf(sumStates([sumStates(parts.slice(0, n)), sumStates(parts.slice(n))]))).toBe(ratio);
      }),
    );
  });
});

describe("seconds in states", () => {
  test.each([
    ["no change", [], "up", { up: 3_600 }],
    ["down at half past", [change(1_800, "up", "down")], "down", { up: 1_800, down: 1_800 }],
    ["down for ten minutes", [change(600, "up", "down"), change(1_200, "down", "up")], "up", { up: 3_000, down: 600 }],
    ["a change at the start", [change(0, "unknown", "up")], "up", { up: 3_600 }],
    ["a change before the start is clipped", [change(-60, "up", "down")], "down", { down: 3_600 }],
    ["a change at the end counts nothing", [change(3_600, "up", "down")], "down", { up: 3_600 }],
    ["two at the same moment", [change(60, "up", "degraded"), change(60, "degraded", "down")], "down", { up: 60, down: 3_540 }],
  ] as const)("%s", (...[, changes, current, expected]) => {
    expect(secondsInStates(changes, HOUR, current)).toEqual({ ...NONE, ...expected });
  });

  it("always fill the range", () => {
    const moves = fc.array(fc.record({ seconds: fc.integer({ min: 0, max: 3_600 }), to: fc.constantFrom(...STATES) }), { maxLength: 20 });
    fc.assert(
      fc.property(moves, fc.constantFrom(...STATES), (list, first) => {
        let from: State = first;
        const changes = list.toSorted((a, b) => a.seconds - b.seconds).map(({ seconds, to }) => {
          const made = change(seconds, from, to);
          from = to;
          return made;
        });
        const { up, degraded, down, unknown } = secondsInStates(changes, HOUR, first);
        expect(up + degraded + down + unknown).toBeCloseTo(3_600, 6);
      }),
    );
  });
});

describe("bars", () => {
  it("are equal stretches up to the end, empty where nothing is recorded", () => {
    const bars = regroupBars([{ ...NONE, at: at(-7_200), up: 3_600 }, { ...NONE, at: at(-60), down: 60 }, { ...NONE, at: at(-90_000), up: 1 }], FROM, { count: 4, stepMs: 3_600_000 });
    expect(bars.map((bar) => [bar.up, bar.down])).toEqual([[0, 0], [0, 0], [3_600, 0], [0, 60]]);
    expect(bars[0]?.at).toBe(at(-14_400).toISOString());
  });
});
