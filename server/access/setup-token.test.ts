import { expect, it } from "vitest";
import { hashSetupToken, isSetupToken, makeSetupToken } from "./setup-token.ts";

it("is four groups that people can type", () => {
  expect(makeSetupToken()).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
});

it.each(["10AB-CDEF-GH12-3456", "10abcdefgh123456", " ioab cdef gh12 3456 ", "LOAB-CDEF-GHI2-3456"])("accepts it typed as %s", (typed) => {
  expect(isSetupToken(typed, hashSetupToken("10AB-CDEF-GH12-3456"))).toBe(true);
});

it("refuses another one", () => {
  expect(isSetupToken(makeSetupToken(), hashSetupToken(makeSetupToken()))).toBe(false);
  expect(isSetupToken("", hashSetupToken(makeSetupToken()))).toBe(false);
});
