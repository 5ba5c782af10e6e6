import { describe, expect, it } from "vitest";
import { showBytes } from "./show-bytes.ts";

const show = (text: string) => showBytes(Buffer.from(text));

describe("bytes of a message", () => {
  it.each([
    ['{"a":1}', "json"],
    ["[1]", "json"],
    ["12", "json"],
    ["hello", "text"],
    ["{not json", "text"],
    ["", "text"],
    ["a\u0000b", "binary"],
  ])("%j is %s", (text, format) => expect(show(text).format).toBe(format));

  it("shows binary as hexadecimal digits", () => {
    const { format, text, bytes } = showBytes(Uint8Array.from([0xff, 0x00, 0x41, 0x7f]));
    expect(format).toBe("binary");
    expect(text).toMatch(/^00000000 {2}ff 00 41 7f +\.\.A\.$/);
    expect(bytes).toBe(4);
  });

  it("keeps big integers exact and cuts what is long", () => {
    expect(show('{"n":9007199254740993}').text).toContain("9007199254740993");
    expect(show(`"${"x".repeat(5_000_000)}"`)).toMatchObject({ bytes: 5_000_002, isCut: true });
    expect(showBytes(Buffer.alloc(10_000, 0xff))).toMatchObject({ format: "binary", isCut: true });
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    expect(show(deep)).toMatchObject({ format: "json", isCut: true });
  });
});
