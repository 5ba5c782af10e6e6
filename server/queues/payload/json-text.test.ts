import { describe, expect, it } from "vitest";
import { showJson } from "./json-text.ts";

const show = (text: string) => showJson(text, Buffer.byteLength(text)).text;

describe("JSON as it lies in the queue", () => {
  it.each([
    ["{}", "{}"],
    ["[]", "[]"],
    ["null", "null"],
    ['"a\\"b"', '"a\\"b"'],
    ['{"a":[1,{"b":null}],"c":"x: {y}"}', '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": "x: {y}"\n}'],
  ])("%s", (text, shown) => expect(show(text)).toBe(shown));

  it("keeps every digit of a big number", () => {
    expect(show('{"id":12345678901234567890.000100}')).toContain("12345678901234567890.000100");
  });

  it("treats __proto__ as a name", () => {
    expect(show('{"__proto__":{"isAdmin":true}}')).toContain('"__proto__": {');
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it("masks fields that name secrets, whole", () => {
    const shown = show('{"password":"p1","token":{"value":["p2"]},"pass\\u0077ord":3,"secret":null,"next":1}');
    expect(shown).not.toMatch(/p1|p2|3/);
    expect(shown.match(/••••/g)).toHaveLength(3);
    expect(shown).toContain('"secret": null');
    expect(shown).toContain('"next": 1');
  });

  it("survives a depth of 10,000", () => {
    const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    const { text, isCut } = showJson(deep, deep.length);
    expect(text.length).toBeLessThan(300_000);
    expect(isCut).toBe(true);
  });

  it("cuts 5 MB and says so", () => {
    const large = JSON.stringify({ text: "x".repeat(5_000_000) });
    const shown = showJson(large.slice(0, 262_144), large.length);
    expect(shown).toMatchObject({ bytes: large.length, isCut: true });
    expect(shown.text.length).toBeLessThan(250_000);
  });
});
