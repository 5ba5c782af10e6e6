import { expect, test } from "vitest";
import { pickQuery, sameQuery } from "./view-query.ts";

test("a view keeps its own parameters, in one order, and nothing of the moment", () => {
  const search = new URLSearchParams("sort=p95&filter=state:down owner:a&selected=svc_1&direction=");
  expect(pickQuery(search, ["sort", "filter", "direction"])).toBe("filter=state%3Adown+owner%3Aa&sort=p95");
});

test("order makes no difference, values do", () => {
  expect(sameQuery("a=1&b=2", "b=2&a=1")).toBe(true);
  expect(sameQuery("a=1", "a=2")).toBe(false);
  expect(sameQuery("", "")).toBe(true);
});
