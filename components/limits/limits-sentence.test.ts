import { expect, test } from "vitest";
import type { Summary } from "../../server/limits/schema.ts";
import { limitsSentence } from "./limits-sentence.ts";
import { nearness, perWords } from "./words.ts";

const quiet: Summary = { calls: 1_240, refused: 0, blocked: 0, near: 0, tiers: 7, store: "process", top: [] };

test.each<[Partial<Summary>, "ok" | "warn", string]>([
  [{}, "ok", "Nobody is blocked, refused or near a limit."],
  [{ near: 2 }, "warn", "2 callers are near a limit."],
  [{ refused: 1, near: 1 }, "warn", "1 call was refused in the last hour."],
  [{ blocked: 1, refused: 9 }, "warn", "1 address is blocked."],
  [{ blocked: 1, store: "shared-away" }, "warn", "Redis does not answer, so each process counts alone."],
])("%o reads as it stands", (facts, tone, lead) => {
  expect(limitsSentence({ ...quiet, ...facts })).toMatchObject({ tone, lead });
});

test("windows and nearness in words", () => {
  expect([60, 900, 3_600, 7_200, 45].map(perWords)).toEqual(["min", "15 min", "h", "2 h", "45 s"]);
  expect([
    nearness({ peak: 44, isBlocked: false, refused: 0 }),
    nearness({ peak: 81, isBlocked: false, refused: 0 }),
    nearness({ peak: 100, isBlocked: false, refused: 3 }),
    nearness({ peak: 0, isBlocked: true, refused: 0 }),
  ]).toEqual([{ words: "44 %" }, { state: "warn", words: "81 %" }, { state: "fail", words: "refused" }, { state: "fail", words: "blocked" }]);
});
