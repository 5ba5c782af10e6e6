import { expect, it } from "vitest";
import { toCsv } from "./csv.ts";

it("quotes what needs quotes and defuses formulas", () => {
  const csv = toCsv(["name", "value"], [["Shop, \"EU\"", 1.5], ["=HYPERLINK(1)", null], ["-1", new Date(0)]]);
  expect(csv).toBe('name,value\r\n"Shop, ""EU""",1.5\r\n\'=HYPERLINK(1),\r\n\'-1,1970-01-01T00:00:00.000Z');
});
