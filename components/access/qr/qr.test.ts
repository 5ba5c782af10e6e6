import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { codewordsOf, versionFor } from "./codewords.ts";
import { qrMatrix } from "./matrix.ts";
import { penaltyOf } from "./penalty.ts";

const drawn = (text: string) => (qrMatrix(text) ?? []).map((row) => row.map((isDark) => (isDark ? "#" : ".")).join(""));

describe("QR code", () => {
  it.each([[17, 1], [18, 2], [106, 5], [107, 6], [154, 7], [230, 9], [231, 10], [271, 10], [272, null]])("of %i bytes has version %s", (length, version) => {
    expect(versionFor(length)).toBe(version);
    expect(drawn("x".repeat(length))).toHaveLength(version === null ? 0 : 17 + 4 * version);
  });

  it("has three finders, timing lines and the dark module", () => {
    const rows = drawn("otpauth://totp/Seaworthy:maya%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Seaworthy");
    const size = rows.length;
    const finder = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"];
    for (const [x, y] of [[0, 0], [size - 7, 0], [0, size - 7]] as const) expect(rows.slice(y, y + 7).map((row) => row.slice(x, x + 7))).toEqual(finder);
    expect(rows[6]?.slice(7, size - 7)).toMatch(/^\.(#\.)+$/);
    expect(rows[size - 8]?.[8]).toBe("#");
  });

  // Read back with an independent reader (jsQR 1.4.0) when they were recorded.
  it.each([
    ["otpauth://totp/Seaworthy:maya%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Seaworthy", "9de994659f486b79"],
    ["A", "defea385aeee6c21"],
    ["ü".repeat(100), "54597ac6cb091f34"],
  ])("of %s is the one that was read back", (text, digest) => {
    expect(createHash("sha256").update(drawn(text).join("\n")).digest("hex").slice(0, 16)).toBe(digest);
  });

  it("begins with mode, length, text and padding", () => {
    const words = codewordsOf(new TextEncoder().encode("A"), 1);
    expect(words).toHaveLength(26);
    expect(words.slice(0, 5)).toEqual([0x40, 0x14, 0x10, 0xec, 0x11]);
  });

  it("takes the mask with the least penalty", () => {
    const even = Array.from({ length: 21 }, (_, y) => Array.from({ length: 21 }, (__, x) => (x + y) % 2 === 0));
    const flat = even.map((row) => row.map(() => true));
    expect(penaltyOf(even)).toBeLessThan(penaltyOf(flat));
  });
});
