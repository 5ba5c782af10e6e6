/** Files of services: how they are read, and what each line would do. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toCsv } from "../../../components/data/csv.ts";
import { countSteps, planServices, readServices, type Known } from "./plan.ts";
import { readCsv } from "./read-csv.ts";

describe("reading", () => {
  test.each([
    ["commas", "a,b\n1,2", [{ line: 1, cells: ["a", "b"] }, { line: 2, cells: ["1", "2"] }]],
    ["semicolons and a byte order mark", "\uFEFFa;b\r\n1;2,5\r\n", [{ line: 1, cells: ["a", "b"] }, { line: 2, cells: ["1", "2,5"] }]],
    ["tabs, and line ends of old machines", "a\tb\r1\t2", [{ line: 1, cells: ["a", "b"] }, { line: 2, cells: ["1", "2"] }]],
    ["quotes with separators, quotes and line ends in them", 'a,b\n"1,""x""","2\n3"\n4,5', [{ line: 1, cells: ["a", "b"] }, { line: 2, cells: ['1,"x"', "2\n3"] }, { line: 4, cells: ["4", "5"] }]],
    ["line ends of Windows in quotes", 'a\r\n"x\r\ny"\r\nz', [{ line: 1, cells: ["a"] }, { line: 2, cells: ["x\r\ny"] }, { line: 4, cells: ["z"] }]],
    ["a quote inside a cell without quotes", 'a\n5" disk', [{ line: 1, cells: ["a"] }, { line: 2, cells: ['5" disk'] }]],
    ["empty lines and lines of separators", "a,b\n\n,\n1,\n", [{ line: 1, cells: ["a", "b"] }, { line: 4, cells: ["1", ""] }]],
    ["formulas that our export had guarded", "a\n'=1+1\n'quoted'\n", [{ line: 1, cells: ["a"] }, { line: 2, cells: ["=1+1"] }, { line: 3, cells: ["'quoted'"] }]],
    ["a quoted header with the other separator in it", '"a,b,c";d\n1;2', [{ line: 1, cells: ["a,b,c", "d"] }, { line: 2, cells: ["1", "2"] }]],
  ])("%s", (_name, text, lines) => expect(readCsv(text)).toEqual(lines));

  test.each([
    ['a\n"b', /Line 2: a quote is opened here and never closed/],
    ['a\n"b"c', /Line 2: there is text behind a closing quote/],
    ['a\n"x\r\ny","b\r\nc', /Line 3: a quote is opened here and never closed/],
    ['a\n"x\r\ny","z"q', /Line 3: there is text behind a closing quote/],
    ["a\n\uFFFD", /not UTF-8/],
    ["PK\u0003\u0004\0", /not UTF-8/],
  ])("%j is refused", (text, message) => expect(() => readCsv(text)).toThrow(message));

  test("what our export writes is read back", () => {
    const cell = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", "ß", ",", ";", '"', "\n", "\r", "=", "-", "'") }).map((text) => text.trim()).filter((text) => text !== "" && !/^'[=+\-@]/u.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        expect(readCsv(toCsv(["name", "owner"], rows)).slice(1).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});

const shop: Known = { id: "svc_1", slug: "shop", name: "Shop", description: "", domain: "retail", tier: 2, environment: "production", owner: "Web", repositoryUrl: null, links: [], tags: ["b", "a"], revision: 3, isArchived: false, addresses: ["https://shop.example/health"] };
const old: Known = { ...shop, id: "svc_2", slug: "old", name: "Old", isArchived: true };
const plan = (csv: string) => planServices(readServices(csv), [shop, old]);
const lineOf = (csv: string) => plan(csv)[0]?.shown;

describe("what a line would do", () => {
  test("adds what is not there, with its slug made from its name", () => {
    const [step] = plan("Name,Team,Repository URL,Links,Tags,URL\nCrème API,Web,https://git.example/x,Runbook=https://w.example/a=b | Board=https://b.example,\"PCI, web\",https://api.example/health");
    expect(step?.shown).toMatchObject({ line: 2, slug: "creme-api", name: "Crème API", action: "create" });
    expect(step?.create).toMatchObject({ slug: "creme-api", owner: "Web", tier: 2, tags: ["pci", "web"], address: "https://api.example/health", repositoryUrl: "https://git.example/x", links: [{ label: "Runbook", url: "https://w.example/a=b" }, { label: "Board", url: "https://b.example" }] });
  });

  test("changes what has the slug: only what differs, and never by an empty cell", () => {
    const [step] = plan("slug,name,owner,tier,domain,tags,address\nSHOP,,Payments,1,,a b,https://shop.example/health");
    expect(step?.shown).toMatchObject({ action: "change", name: "Shop", changes: [{ field: "tier", from: "2", to: "1" }, { field: "owner", from: "Web", to: "Payments" }] });
    expect(step?.update?.changes).toEqual({ tier: 1, owner: "Payments" });
  });

  test("adds a check of an address that no check of the service asks", () => {
    expect(plan("name,address\nShop,https://shop.example/two")[0]?.update).toMatchObject({ changes: {}, address: "https://shop.example/two" });
  });

  test("leaves what is the same", () => {
    expect(lineOf("name,tags,state,uptime_24h\nShop,b a,up,1")).toMatchObject({ action: "same", changes: [] });
    expect(readServices("name,state,uptime_24h\nShop,up,1").columns.ignored).toEqual(["state", "uptime_24h"]);
  });

  test.each([
    ["name,tier\nNew,7", /^tier: /],
    ["name,tier\nShop,x", /^tier: /],
    ["name,tags\nNew,a!b", /^tags: /],
    ["name,links\nNew,https://x.example", /^links: /],
    ["name,address\nShop,ftp://x.example", /^address: /],
    ["name,repository\nNew,git@x", /^repositoryUrl: Must be/],
    ["slug,owner\nnew,Web", /^name: /],
    ["slug,name\nNot A Slug,x", /^slug: Use lower-case/],
    ["name,owner\n,Web", /neither a name nor a slug/],
    ["name,owner\nNew", /another number of cells/],
    ["name,owner\nNew,Web,more", /another number of cells/],
    ["name\nOld", /archived. Restore it first/],
  ])("%j has a problem", (csv, problem) => {
    const shown = lineOf(csv);
    expect(shown?.action).toBe("problem");
    expect(shown?.problems.join("; ")).toMatch(problem);
  });

  test("the same slug twice is a problem of the second line", () => {
    const steps = plan("name\nNew\nnew\nShop");
    expect(steps[1]?.shown.problems).toEqual(["The slug new stands in line 2 already."]);
    expect(countSteps(steps)).toEqual({ created: 1, changed: 0, same: 1, problems: 1 });
  });

  test.each([
    ["", /empty/],
    ["name", /no service below/],
    ["owner\nWeb", /one of them name or slug/],
    ["name,env,environment\nA,b,c", /Two columns are the environment/],
    [`name\n${"a\n".repeat(2_001)}`, /has 2001 services/],
  ])("%.20j is no file of services", (csv, message) => expect(() => readServices(csv)).toThrow(message));
});
