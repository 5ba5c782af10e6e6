import { describe, expect, it } from "vitest";
import { formatAge, formatDuration, formatMilliseconds } from "./duration.ts";
import { formatClock, formatCount, formatPercent, formatShortCount, formatSize, formatUtc, plural } from "./format.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("durations", () => {
  it.each([
    [-5, "0 ms"],
    [640, "640 ms"],
    [1250, "1.2 s"],
    [59_999, "59 s"],
    [18 * MINUTE + 12_000, "18 min 12 s"],
    [41 * MINUTE, "41 min"],
    [5 * HOUR + 6 * MINUTE, "5 h 06 min"],
    [6 * HOUR, "6 h"],
    [52 * HOUR, "2 d 4 h"],
    [Number.NaN, "–"],
  ])("formatDuration(%d) is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [-1, "0 s"],
    [12_400, "12 s"],
    [18 * MINUTE + 40_000, "18 min"],
    [HOUR + 26 * MINUTE, "1 h 26 min"],
    [2 * HOUR, "2 h"],
    [19 * HOUR + 26 * MINUTE, "19 h"],
    [74 * HOUR, "3 d"],
  ])("formatAge(%d) is %s", (ms, text) => expect(formatAge(ms)).toBe(text));

  it.each([
    [null, "–"],
    [0.42, "0.4 ms"],
    [87.3, "87 ms"],
    [999.6, "1 s"],
    [2040, "2.04 s"],
    [90_000, "1 min 30 s"],
  ])("formatMilliseconds(%d) is %s", (ms, text) => expect(formatMilliseconds(ms)).toBe(text));
});

describe("figures", () => {
  it("groups counts and shortens them", () => {
    expect(formatCount(48_211_904)).toBe("48,211,904");
    expect([999, 1000, 1310, 99_949, 241_000, 999_499, 48_211_904, 5e12].map(formatShortCount)).toEqual([
      "999", "1k", "1.3k", "99.9k", "241k", "999k", "48.2M", "5000G",
    ]);
  });

  it("never rounds a percentage up to 100 or down to 0", () => {
    expect([1, 0.9998, 0.999_999, 0.000_001, 0, 0.842].map((ratio) => formatPercent(ratio))).toEqual([
      "100 %", "99.98 %", "99.99 %", "0.01 %", "0 %", "84.20 %",
    ]);
    expect(formatPercent(null)).toBe("–");
    expect(formatPercent(0.842, 1)).toBe("84.2 %");
  });

  it("writes sizes in binary units", () => {
    expect([0, 812, 1024, 1536, 412 * 1024 ** 2, 2_083_059_138].map(formatSize)).toEqual([
      "0 B", "812 B", "1.00 KiB", "1.50 KiB", "412 MiB", "1.94 GiB",
    ]);
  });

  it("writes times in UTC and counts in words", () => {
    const at = new Date("2026-11-17T07:06:12Z");
    expect(formatUtc(at)).toBe("17 Nov 2026 07:06:12 UTC");
    expect(formatClock(at, false)).toBe("07:06");
    expect([plural(1, "service"), plural(1204, "entry", "entries")]).toEqual(["1 service", "1,204 entries"]);
  });
});
