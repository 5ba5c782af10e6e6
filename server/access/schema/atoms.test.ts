import { describe, expect, test } from "vitest";
import { Email } from "./atoms.ts";

describe("an email address", () => {
  test.each([
    ["Maya@Example.com ", "maya@example.com"],
    ["o'brien+ops@sub.example.co", "o'brien+ops@sub.example.co"],
  ])("%j is %s", (typed, kept) => expect(Email.parse(typed)).toBe(kept));

  test.each([
    ["a Cyrillic letter that looks like an a", "m\u0430ya@example.com"],
    ["a Kelvin sign, which becomes a k in lower case", "mi\u212Ae@example.com"],
    ["a full-width at sign", "maya\uFF20example.com"],
    ["a host in another alphabet", "maya@ex\u00E4mple.com"],
    ["a letter that is written with a combining mark", "mayA\u030A@example.com"],
    ["a direction mark", "\u202Emaya@example.com"],
    ["a zero-width space", "ma\u200Bya@example.com"],
    ["two at signs", "maya@evil.example@example.com"],
    ["a line break and a header", "maya@example.com\r\nBcc: eve@example.com"],
    ["a space inside", "ma ya@example.com"],
    ["no host", "maya@"],
    ["255 characters", `${"a".repeat(243)}@example.com`],
    ["a megabyte", `${"a".repeat(1_000_000)}@example.com`],
    ["nothing", ""],
  ])("is not one with %s", (_name, typed) => expect(Email.safeParse(typed).success).toBe(false));
});
