import { describe, expect, test } from "vitest";
import { decodeRecord } from "../lines/record.ts";
import { reportTotals } from "../report.ts";
import { lcovOf, read, readJunit, sample } from "../testing/samples.ts";

const of = (covered: number, total: number) => ({ covered, total });

describe("every format, found by its content", () => {
  const OWN = ["server/services/conditions.ts", "server/services/schedule.ts", "server/services/slug.ts", "server/services/uptime.ts"];

  test.each([
    { name: "own.lcov", format: "lcov", files: OWN, totals: { lines: of(52, 86), branches: of(68, 82), functions: of(20, 27), statements: null } },
    { name: "own.final.json", format: "istanbul-final", files: OWN, totals: { lines: of(52, 86), branches: of(68, 82), functions: of(20, 27), statements: of(70, 108) } },
    { name: "own.summary.json", format: "istanbul-summary", files: OWN, totals: { lines: of(52, 86), branches: of(68, 82), functions: of(20, 27), statements: of(70, 108) } },
    // Its writer leaves out branches on lines without a statement.
    { name: "own.cobertura.xml", format: "cobertura", files: OWN, totals: { lines: of(52, 86), branches: of(66, 80), functions: of(20, 27), statements: null } },
    { name: "own.clover.xml", format: "clover", files: OWN, totals: { lines: of(52, 86), branches: of(66, 80), functions: null, statements: of(52, 86) } },
    { name: "shop.openclover.xml", format: "clover", files: ["src/main/java/dev/northpier/shop/Cart.java"], totals: { lines: of(3, 4), branches: of(3, 4), functions: of(1, 2), statements: of(3, 4) } },
    { name: "coverage-py.xml", format: "cobertura", files: ["pricing/rates.py"], totals: { lines: of(4, 6), branches: of(1, 2), functions: null, statements: null } },
    { name: "shop.jacoco.xml", format: "jacoco", files: ["dev/northpier/shop/Cart.java", "dev/northpier/shop/Price.kt"], totals: { lines: of(4, 6), branches: of(3, 4), functions: of(3, 4), statements: of(18, 24) } },
    { name: "ledger.go.out", format: "go", files: ["post/balance.go", "post/post.go"], totals: { lines: of(10, 11), branches: null, functions: null, statements: of(6, 7) } },
  ])("$name", async ({ name, format, files, totals }) => {
    for (const size of [7, 1_000, 1_000_000]) {
      const report = await read(sample(name), {}, size);
      expect(report.format).toBe(format);
      expect([...report.files.keys()].toSorted()).toEqual(files);
      expect(reportTotals(report)).toEqual(totals);
      expect(report.notes).toEqual([]);
    }
  });

  test("the same run read from LCOV and from Istanbul has the same lines", async () => {
    const [a, b] = [await read(sample("own.lcov")), await read(sample("own.final.json"))];
    for (const [path, { data }] of a.files) {
      const [left, right] = [decodeRecord(data!).lines!, decodeRecord(b.files.get(path)!.data!).lines!];
      expect(left.at.slice(0, left.length)).toEqual(right.at.slice(0, right.length));
      expect(left.hits.slice(0, left.length)).toEqual(right.hits.slice(0, right.length));
    }
  });
});

describe("LCOV", () => {
  test("joins records of one file, lines out of order, Windows line ends and version 2's functions", async () => {
    const report = await read("TN:\r\nSF:a.ts\r\nDA:3,0\r\nDA:1,2\r\nFNL:0,1,9\r\nFNA:0,4,main\r\nFNL:1,3\r\nFNA:1,0,idle\r\nend_of_record\r\nSF:a.ts\r\nDA:3,5\r\nDA:4,0\r\nBRDA:3,0,0,-\r\nBRDA:3,0,1,2\r\nend_of_record\r\n");
    const file = report.files.get("a.ts")!;
    expect(file.totals).toEqual({ lines: of(2, 3), branches: of(1, 2), functions: of(1, 2), statements: null });
  });

  test("adds up a line that is named twice in one record", async () => {
    const { lines } = decodeRecord((await read("SF:a.ts\nDA:1,1\nDA:1,1\nDA:2,0\nend_of_record\n")).files.get("a.ts")!.data!);
    expect([lines!.length, lines!.hits[0]]).toEqual([2, 2]);
  });

  test("takes absurd, negative and missing counts as not hit or as many, and says so", async () => {
    const report = await read("SF:a.ts\nDA:1,-4\nDA:2,NaN\nDA:3,99999999999999999999\nDA:4,\nDA:99999999999,1\nDA:5,1e9\nend_of_record\n");
    expect(report.files.get("a.ts")!.totals.lines).toEqual(of(2, 5));
    expect(report.notes).toEqual(["4 counts were no counts and are taken as not hit."]);
  });

  test("reads a file without its last line end and without end_of_record", async () => {
    expect((await read("SF:a.ts\nDA:1,1\nDA:2,0")).files.get("a.ts")!.totals.lines).toEqual(of(1, 2));
  });
});

describe("what is no report", () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${"bcdefghij"[i]} "${`&${"abcdefghi"[i]};`.repeat(10)}">`).join("")}]><coverage line-rate="0"><packages>&j;</packages></coverage>`;
  const outside = '<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY x SYSTEM "file:///etc/passwd">]><coverage line-rate="1">&x;</coverage>';

  test.each([
    ["an XML bomb", bomb, "document type of its own"],
    ["an external entity", outside, "document type of its own"],
    ["an entity that nobody declared", '<coverage line-rate="1"><packages>&boom;</packages></coverage>', "not well formed"],
    ["200,000 elements inside each other", `<coverage line-rate="1">${"<a>".repeat(200_000)}`, "nested deeper than 64"],
    ["an element with a thousand attributes", `<coverage ${Array.from({ length: 1_000 }, (_, i) => `a${i}="1"`).join(" ")}/>`, "more than 64 attributes"],
    ["XML that is cut off", '<coverage line-rate="1"><packages>', "not well formed"],
    ["another root", "<html><body/></html>", "begins with <html>"],
    ["a JUnit report", sample("surefire.junit.xml"), "It is a JUnit report"],
    ["a zip archive", "PK\u0003\u0004 and so on", "zip archive"],
    ["JSON that is nested 200,000 deep", `{"a":${"[".repeat(200_000)}`, "nested deeper than 32"],
    ["JSON that is cut off", '{"a.ts":{"path":"a.ts"', "no complete JSON object"],
    ["JSON of something else", '{"name":"left-pad","version":"1.0.0"}', "neither Istanbul"],
    ["a JSON list", "[1,2]", "no coverage report that is known"],
    ["JSON with something after it", '{"total":{}}{"b":1}', "neither Istanbul"],
    ["a line of 300 KB", `SF:${"x".repeat(300_000)}\nend_of_record\n`, "longer than 64 KiB"],
    ["text", "Hello, this is no report.", "no coverage report that is known"],
    ["a tracefile without files", "TN:\n", "names no file"],
    ["a report whose files all lie outside", "SF:../../etc/passwd\nDA:1,1\nend_of_record\n", "No file of the report lies inside"],
  ])("%s is refused (SRV-008)", async (_, content, says) => {
    await expect(read(content)).rejects.toThrow(says);
    await expect(read(content)).rejects.toMatchObject({ code: "invalid" });
  });

  test("a report that claims another format in its name is read as what it is", async () => {
    expect((await read(sample("own.lcov"))).format).toBe("lcov");
  });

  test("a million predefined entities are just text", async () => {
    const text = `<coverage line-rate="1"><packages>${"&amp;".repeat(1_000_000)}<package><classes><class filename="a.py"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>`;
    expect((await read(text, {}, 65_536)).files.size).toBe(1);
  });

  test("a key that is __proto__ is a file like any other", async () => {
    const report = await read('{"__proto__":{"path":"__proto__","statementMap":{"0":{"start":{"line":1}}},"s":{"0":1}},"constructor":{"path":"constructor","statementMap":{"0":{"start":{"line":1}}},"s":{"0":0}}}');
    expect([...report.files.keys()]).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>).statementMap).toBeUndefined();
  });

  test("counts that are negative, no numbers or too large are noted", async () => {
    const report = await read('{"a.ts":{"path":"a.ts","statementMap":{"0":{"start":{"line":1}},"1":{"start":{"line":2}},"2":{"start":{"line":-3}},"3":{"start":{"line":4}}},"s":{"0":-1,"1":"x","2":1,"3":1e300}}}');
    expect(report.files.get("a.ts")!.totals.lines).toEqual(of(1, 3));
    expect(report.notes).toEqual(["3 counts were no counts and are taken as not hit."]);
  });

  test("paths of 10,000 characters and with control characters are left out, the rest is kept", async () => {
    const report = await read(lcovOf({ ["a/".repeat(5_000)]: { 1: 1 }, "bad\u0007.ts": { 1: 1 }, "good.ts": { 1: 1 } }));
    expect([...report.files.keys()]).toEqual(["good.ts"]);
    expect(report.notes).toEqual(["2 files left out: outside the repository, or a path that cannot be one."]);
  });
});

describe("JUnit", () => {
  test("counts results from the test cases, with flaky ones", async () => {
    const { cases } = await readJunit(sample("surefire.junit.xml"), 11);
    expect(cases.map(({ name, status, isFlaky }) => [name, status, isFlaky])).toEqual([
      ["addsAnItem", "passed", false],
      ["refusesNegativeAmounts", "failed", false],
      ["readsPrices", "error", false],
      ["writesInvoices", "skipped", false],
      ["clearsTheCart", "passed", true],
    ]);
    expect(cases[1]!.message).toBe("expected: 0 but was: -1");
    expect(cases[2]!.message).toBe("java.io.IOException");
    expect((await readJunit(sample("own.junit.xml"))).cases).toHaveLength(45);
  });

  test("a test that is named twice and passes at last is flaky", async () => {
    const { cases } = await readJunit('<testsuite name="s"><testcase name="t"><failure message="no"/></testcase><testcase name="t"/><testcase name="u"><failure>why</failure></testcase><testcase name="u"><failure/></testcase></testsuite>');
    expect(cases).toMatchObject([{ name: "t", status: "passed", isFlaky: true, message: "no" }, { name: "u", status: "failed", isFlaky: false, message: "why" }]);
  });

  test.each([
    ["1,204.5", 1_204.5],
    ["NaN", 0],
    ["-3", 0],
    ["Infinity", 0],
    ["9e9", 86_400],
  ])("reads the time %s as %d seconds", async (time, seconds) => {
    expect((await readJunit(`<testsuite><testcase name="t" time="${time}"/></testsuite>`)).cases[0]!.seconds).toBe(seconds);
  });

  test("refuses what is none", async () => {
    await expect(readJunit("SF:a.ts\n")).rejects.toThrow("no JUnit XML");
    await expect(readJunit("<testsuites/>")).rejects.toThrow("names no test");
    await expect(readJunit(sample("own.cobertura.xml"))).rejects.toThrow("begins with <coverage>");
  });
});
