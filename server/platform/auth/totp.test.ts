import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOfStep, findStep, fromBase32, makeTotpSecret, stepAt, toBase32, totpUri } from "./totp.ts";

/** RFC 6238, appendix B: the ASCII secret and the codes of eight digits for SHA-1. */
const RFC_SECRET = toBase32(Buffer.from("12345678901234567890"));

describe("codes", () => {
  it.each([
    [59, "94287082"],
    [1_111_111_109, "07081804"],
    [1_111_111_111, "14050471"],
    [1_234_567_890, "89005924"],
    [2_000_000_000, "69279037"],
    [20_000_000_000, "65353130"],
  ])("at %i s is %s (RFC 6238)", (seconds, code) => {
    expect(codeOfStep(RFC_SECRET, stepAt(new Date(seconds * 1_000)), 8)).toBe(code);
  });

  it.each(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"].map((code, count) => [count, code] as const))("of counter %i is %s (RFC 4226)", (count, code) => {
    expect(codeOfStep(RFC_SECRET, count)).toBe(code);
  });
});

describe("base 32", () => {
  it.each([["f", "MY"], ["fo", "MZXQ"], ["foo", "MZXW6"], ["foob", "MZXW6YQ"], ["fooba", "MZXW6YTB"], ["foobar", "MZXW6YTBOI"]])("of %s is %s (RFC 4648)", (plain, text) => {
    expect(toBase32(Buffer.from(plain))).toBe(text);
    expect(Buffer.from(fromBase32(`${text.toLowerCase().slice(0, 2)} ${text.slice(2)}==`)).toString()).toBe(plain);
  });

  it("comes back as it went", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect([...fromBase32(toBase32(bytes))]).toEqual([...bytes]);
      }),
    );
  });
});

describe("looking for a code", () => {
  const at = new Date("2027-01-15T12:00:10Z");
  const now = stepAt(at);
  const look = (step: number, after = 0) => findStep(codeOfStep(RFC_SECRET, step), { secret: RFC_SECRET, at, after });

  it("finds the step before, the present and the next one only", () => {
    expect([-2, -1, 0, 1, 2].map((offset) => look(now + offset))).toEqual([null, now - 1, now, now + 1, null]);
  });

  it("finds nothing that is used up", () => {
    expect([look(now, now), look(now - 1, now), look(now + 1, now)]).toEqual([null, null, now + 1]);
  });

  it.each(["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "      ", "0".repeat(10_000)])("refuses %j", (typed) => {
    expect(findStep(typed, { secret: RFC_SECRET, at, after: 0 })).toBeNull();
  });

  it("does not mind the space in the middle that apps show", () => {
    const code = codeOfStep(RFC_SECRET, now);
    expect(findStep(` ${code.slice(0, 3)} ${code.slice(3)}`, { secret: RFC_SECRET, at, after: 0 })).toBe(now);
  });
});

it("makes secrets of 160 bits", () => {
  expect(makeTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
  expect(makeTotpSecret()).not.toBe(makeTotpSecret());
});

it("writes the address that apps read", () => {
  expect(totpUri("ABC", { issuer: "Sea & worthy", account: "maya@example.com" })).toBe("otpauth://totp/Sea%20%26%20worthy:maya%40example.com?secret=ABC&issuer=Sea%20%26%20worthy");
});
