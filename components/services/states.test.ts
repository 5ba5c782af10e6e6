import { describe, expect, it } from "vitest";
import { barTone, barsLabel, stateWords, uptimeBars } from "./states.ts";

const at = new Date("2026-11-17T06:00:00Z");
const bar = (part: Partial<{ up: number; degraded: number; down: number; unknown: number }>) => ({ at: at.toISOString(), up: 0, degraded: 0, down: 0, unknown: 0, ...part });

describe("drawing states", () => {
  it("says how long trouble lasts, and nothing for what is well", () => {
    const now = at.getTime() + 18 * 60_000;
    expect(stateWords("down", at, now)).toBe("Down 18 min");
    expect(stateWords("up", at, now)).toBe("OK");
    expect(stateWords("unknown", at, 0)).toBe("Unknown");
  });

  it("shows the worst of a bar, and never green without data", () => {
    expect([bar({ up: 3599, down: 1 }), bar({ up: 1, degraded: 1 }), bar({ up: 1 }), bar({ unknown: 3600 }), bar({})].map(barTone)).toEqual([
      "fail", "warn", "ok", "unknown", "unknown",
    ]);
  });

  it("tells each bar's hour and share", () => {
    const next = { ...bar({ up: 3555, down: 45 }), at: new Date(at.getTime() + 3_600_000).toISOString() };
    expect(uptimeBars([bar({}), next]).map(({ label }) => label)).toEqual(["06:00 to 07:00: no data", "07:00 to 08:00: 98.75 %, down 45 s"]);
    expect(barsLabel("Search", [next], 0.9875)).toBe("Search: uptime 98.75 %, outages in 1 of 1 periods");
  });
});
