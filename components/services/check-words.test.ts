import { describe, expect, it } from "vitest";
import { checkTone, componentWords, intervalWords, targetWords } from "./check-words.ts";

describe("words of checks", () => {
  it("shortens targets without losing what tells them apart", () => {
    expect(["GET https://shop.example/health", "POST http://shop.example/", "db.example:5432"].map((target) => targetWords({ target }))).toEqual([
      "shop.example/health", "POST shop.example/", "db.example:5432",
    ]);
  });

  it("never shows a paused or stale check in its last colour", () => {
    expect(checkTone({ state: "up", isStale: false, pausedAt: null })).toBe("ok");
    expect(checkTone({ state: "up", isStale: true, pausedAt: null })).toBe("stale");
    expect(checkTone({ state: "up", isStale: false, pausedAt: new Date() })).toBe("unknown");
  });

  it("prefers a part's own words to its bare figure", () => {
    expect(componentWords({ detail: "lag 0.0 s", value: 0, unit: "s" })).toBe("lag 0.0 s");
    expect(componentWords({ detail: "", value: 432_013_312, unit: "bytes" })).toBe("412 MiB");
    expect(componentWords({ detail: "", value: null, unit: null })).toBe("");
    expect([5, 30, 300, 86_400].map(intervalWords)).toEqual(["5 s", "30 s", "5 min", "1 d"]);
  });
});
