import { expect, test } from "vitest";
import { lastKnownOf } from "./last-known.ts";

const mark = { at: new Date("2027-01-15T07:03:40Z"), since: new Date("2027-01-15T07:03:52Z") };

test.each([
  { why: "an answer of now", data: { items: [] }, is: null },
  { why: "a marked answer", data: { items: [], lastKnown: mark }, is: mark },
  { why: "pages of which the first is marked", data: { pages: [{ lastKnown: mark }, {}], pageParams: [] }, is: mark },
  { why: "no pages", data: { pages: [] }, is: null },
  { why: "nothing yet", data: undefined, is: null },
  { why: "a mark of another kind", data: { lastKnown: { at: "then" } }, is: null },
])("$why", ({ data, is }) => {
  expect(lastKnownOf(data)).toEqual(is);
});
