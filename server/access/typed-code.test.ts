import { expect, it } from "vitest";
import { hashTypedCode, isTypedCode, makeTypedCode } from "./typed-code.ts";

it("is four groups that people can type", () => {
  expect(makeTypedCode()).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
});

it.each(["10AB-CDEF-GH12-3456", "10abcdefgh123456", " ioab cdef gh12 3456 ", "LOAB-CDEF-GHI2-3456"])("accepts it typed as %s", (typed) => {
  expect(isTypedCode(typed, hashTypedCode("10AB-CDEF-GH12-3456"))).toBe(true);
});

it("refuses another one", () => {
  expect(isTypedCode(makeTypedCode(), hashTypedCode(makeTypedCode()))).toBe(false);
  expect(isTypedCode("", hashTypedCode(makeTypedCode()))).toBe(false);
});
