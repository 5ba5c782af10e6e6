import { expect, test } from "vitest";
import { endInWords } from "./words.ts";

test.each([
  ["cancelled", "Cancelled; what had been written was removed.", { lead: "Cancelled; the target was not touched.", rest: undefined }],
  ["cancelled", "Cancelled. This could not be removed again (access is denied): a.txt.", { lead: "Cancelled; something of it is left at the target.", rest: "Cancelled. This could not be removed again (access is denied): a.txt." }],
  ["failed", "The archive is damaged.", { lead: "Not restored; the target was not touched.", rest: "The archive is damaged." }],
  ["failed", "The unfinished database x could not be dropped again: it is away", { lead: "Not restored; something of it is left at the target.", rest: "The unfinished database x could not be dropped again: it is away" }],
  ["failed", null, { lead: "Not restored; the target was not touched.", rest: undefined }],
] as const)("a restore that %s: %s", (state, problem, words) => {
  expect(endInWords({ state, problem })).toEqual(words);
});
