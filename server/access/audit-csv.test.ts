import { expect, it } from "vitest";
import { auditCsv, csvCell } from "./audit-csv.ts";

it.each([
  [null, ""],
  ["plain", "plain"],
  ['say "hi", twice', '"say ""hi"", twice"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tcmd", "'\tcmd"],
  [" =1+1", "' =1+1"],
  [{ role: "admin" }, '"{""role"":""admin""}"'],
  [new Date("2027-01-15T12:00:00Z"), "2027-01-15T12:00:00.000Z"],
])("%j becomes %s", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

it("has a head and one line a row", () => {
  const entry = { id: "1", at: new Date(0), actorKind: "user", actorId: null, actorLabel: "Maya", action: "a.b", targetKind: "user", targetId: "u", summary: "Did", before: null, after: null, requestId: null, address: null };
  expect(auditCsv([entry]).split("\r\n")).toEqual([expect.stringMatching(/^id,at,actorKind/), "1,1970-01-01T00:00:00.000Z,user,,Maya,a.b,user,u,Did,,,,", ""]);
});
