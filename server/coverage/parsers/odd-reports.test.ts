/** Reports that leave things out, as tools and hands make them: what is there is read, what is not is not made up. */
import { describe, expect, test } from "vitest";
import { read, readJunit } from "../testing/samples.ts";

const jacoco = (body: string) => read(`<?xml version="1.0"?><report name="shop">${body}</report>`);

describe("JaCoCo", () => {
  test("a file without a package lies at the root, a file without classes has no functions", async () => {
    const { files } = await jacoco('<sourcefile name="Main.java"><line nr="3" mi="0" ci="2" mb="0" cb="0"/></sourcefile>');
    expect(files.get("Main.java")?.totals).toMatchObject({ lines: { covered: 1, total: 1 }, functions: { covered: 0, total: 0 } });
  });

  test("a class without a source file, a method without a line and a counter outside count for nothing", async () => {
    const { files } = await jacoco(
      '<package name="p"><class name="p/Gone"><method name="a" line="1"><counter type="METHOD" missed="0" covered="1"/></method></class>' +
        '<class name="p/A" sourcefilename="A.java"><method name="b"><counter type="METHOD" missed="0" covered="1"/></method><method name="c" line="4"><counter type="LINE" missed="0" covered="1"/><counter type="METHOD" missed="1" covered="0"/></method></class>' +
        '<sourcefile name="A.java"><line nr="4" mi="1" ci="0" mb="1" cb="1"/></sourcefile><counter type="METHOD" missed="1" covered="0"/></package>',
    );
    expect([...files.keys()]).toEqual(["p/A.java"]);
    expect(files.get("p/A.java")?.totals).toMatchObject({ lines: { covered: 0, total: 1 }, functions: { covered: 0, total: 1 }, branches: { covered: 1, total: 2 } });
  });

  test("numbers that are none are said; lines outside a file are not its lines", async () => {
    const { files, notes } = await jacoco('<package name="p"><line nr="1" ci="1"/><sourcefile name="A.java"><line nr="x" ci="1"/><line nr="99999999999" ci="1"/><line nr="2" mi="many" ci="1" mb="0" cb="0"/></sourcefile></package>');
    expect(files.get("p/A.java")?.totals.lines).toEqual({ covered: 1, total: 1 });
    expect(notes).toEqual(["3 counts were no counts and are taken as not hit."]);
  });
});

describe("JUnit", () => {
  const one = async (body: string) => (await readJunit(`<testsuites>${body}</testsuites>`)).cases;

  test("a test without names has the suite around it; none is better than a wrong one", async () => {
    expect(await one('<testsuite name="outer"><testcase/></testsuite><testcase name="free"/>')).toMatchObject([{ suite: "outer", name: "" }, { suite: "", name: "free" }]);
    expect(await one('<testsuite><testcase classname="c" name="n"/></testsuite>')).toMatchObject([{ suite: "c", name: "n" }]);
  });

  test("the reason of a failure is its message, else its type, else its text", async () => {
    const cases = await one('<testsuite name="s"><testcase name="a"><failure message="m" type="t">x</failure></testcase><testcase name="b"><failure type="t">x</failure></testcase><testcase name="c"><error> x </error></testcase></testsuite>');
    expect(cases.map(({ status, message }) => [status, message])).toEqual([["failed", "m"], ["failed", "t"], ["error", "x"]]);
  });

  test("results outside a test are nobody's; a skip does not hide a failure", async () => {
    const cases = await one('<testsuite name="s"><failure message="m"/><skipped/><flakyFailure/><testcase name="a"><failure message="m"/><skipped/></testcase><testcase name="b"><skipped/></testcase></testsuite>');
    expect(cases.map(({ name, status }) => [name, status])).toEqual([["a", "failed"], ["b", "skipped"]]);
  });

  test("a pass after failed tries is flaky, and the first reason stays", async () => {
    const cases = await one('<testsuite name="s"><testcase name="a" time="1.5"><flakyFailure message="first"/><flakyError message="second"/></testcase><testcase name="b"><flakyError/></testcase></testsuite>');
    expect(cases).toMatchObject([{ isFlaky: true, status: "passed", message: "first", seconds: 1.5 }, { isFlaky: true, message: "" }]);
  });

  test.each([
    ["passed then failed is a flaky pass", "<testcase name='t'/><testcase name='t'><failure message='m'/></testcase>", { status: "passed", isFlaky: true, message: "m" }],
    ["skipped then failed is failed", "<testcase name='t'><skipped/></testcase><testcase name='t'><failure message='m'/></testcase>", { status: "failed", isFlaky: false }],
    ["passed then skipped is passed", "<testcase name='t'/><testcase name='t'><skipped/></testcase>", { status: "passed", isFlaky: false }],
    ["failed twice is failed", "<testcase name='t'><error message='a'/></testcase><testcase name='t'><failure message='b'/></testcase>", { isFlaky: false, message: "a" }],
  ])("%s", async (_, body, wanted) => {
    expect(await one(`<testsuite name="s">${body}</testsuite>`)).toMatchObject([wanted]);
  });

  test("long names and reasons are cut, and end with a sign of it", async () => {
    const [first] = await one(`<testsuite name="s"><testcase name="${"n".repeat(5_000)}"><failure message="${"m".repeat(20_000)}"/></testcase></testsuite>`);
    expect(first?.name).toMatch(/^n+…$/);
    expect(first?.message).toMatch(/^m+…$/);
  });
});
