import { expect, test } from "vitest";
import { bulkSentence, previewSentence } from "./bulk-words.ts";

test("a preview names a few and counts the rest", () => {
  expect(previewSentence({ matching: 7, affected: 6, sample: ["A", "B"], skipped: [] })).toBe("6 of 7 change: A, B and 4 more.");
  expect(previewSentence({ matching: 1, affected: 1, sample: ["A"], skipped: [] })).toBe("1 service changes: A.");
  expect(previewSentence({ matching: 3, affected: 0, sample: [], skipped: [] })).toBe("None of the 3 chosen services would change.");
});

test("an act says how far it is and what it left alone", () => {
  const act = { id: "blk_1", action: "pause", tags: [], state: "running", total: 10, position: 4, changed: 3, problems: [], requestedBy: "Maya", createdAt: new Date(0), finishedAt: null } as const;
  expect(bulkSentence({ ...act, tags: [], problems: [] })).toBe("Paused 3 services, 4 of 10 looked at…");
  expect(bulkSentence({ ...act, tags: [], problems: [], state: "cancelled" })).toBe("Paused 3 services, then stopped; 6 were left alone.");
  expect(bulkSentence({ ...act, tags: [], state: "done", position: 10, changed: 9, problems: [{ id: "x", name: "X", problem: "p" }] })).toBe("Paused 9 services; 1 could not be changed.");
  expect(bulkSentence({ ...act, tags: [], problems: [], state: "queued" })).toBe("Waiting for a worker…");
});
