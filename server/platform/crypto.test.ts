import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSealer, parseKeyring } from "./crypto.ts";

const key = (fill: number) => Buffer.alloc(32, fill).toString("base64");
const keyring = (current: string, keys: Record<string, string>) => parseKeyring(JSON.stringify({ current, keys }));
const first = createSealer(keyring("k1", { k1: key(1) }));
const rotated = createSealer(keyring("k2", { k1: key(1), k2: key(2) }));

/** Flips one bit of the sealed bytes. */
function tampered(sealed: string, at: number): string {
  const [format, id, body = ""] = sealed.split(":");
  const bytes = Buffer.from(body, "base64url");
  const index = at % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return `${format}:${id}:${bytes.toString("base64url")}`;
}

describe("sealed values", () => {
  test("open again for every text and purpose, and never show the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (plain, purpose) => {
        const text = plain.toWellFormed();
        expect(first.open(first.seal(text, purpose), purpose)).toBe(text);
      }),
    );
    expect(first.seal("hunter2hunter2", "p")).not.toContain("hunter2");
  });
  test("differ each time", () => {
    expect(first.seal("same", "p")).not.toBe(first.seal("same", "p"));
  });
  test("do not open after any flipped bit", () => {
    const sealed = first.seal("secret", "p");
    const refused = (at: number) => {
      expect(() => first.open(tampered(sealed, at), "p")).toThrow("changed outside");
    };
    fc.assert(fc.property(fc.nat(60), refused));
  });
  test("do not open for another purpose or under another key's name", () => {
    expect(() => first.open(first.seal("secret", "services.check"), "backups.target")).toThrow("changed outside");
    const relabelled = rotated.seal("secret", "p").replace(":k2:", ":k1:");
    expect(() => rotated.open(relabelled, "p")).toThrow("changed outside");
  });
  test("survive rotation until their key is removed", () => {
    const old = first.seal("secret", "p");
    expect(rotated.open(old, "p")).toBe("secret");
    expect(rotated.isOutdated(old)).toBe(true);
    const renewed = rotated.seal(rotated.open(old, "p"), "p");
    expect(rotated.isOutdated(renewed)).toBe(false);
    const onlyNew = createSealer(keyring("k2", { k2: key(2) }));
    expect(onlyNew.open(renewed, "p")).toBe("secret");
    expect(() => onlyNew.open(old, "p")).toThrow("needs key k1");
  });
  test.each(["", "plain", "sw1:k1", "sw1:k1:AAAA", "sw2:k1:AAAA", "sw1:k1:AAAA:x"])("refuse the format %j", (sealed) => {
    expect(() => first.open(sealed, "p")).toThrow("not in the format");
  });
});

describe("keyring files", () => {
  test.each([
    ["not json", "not readable"],
    ["[]", "not readable"],
    [JSON.stringify({ current: "k1", keys: {} }), "names k1 as current"],
    [JSON.stringify({ current: "k1", keys: { k1: Buffer.alloc(16).toString("base64") } }), "has 16 bytes"],
    [JSON.stringify({ current: "a:b", keys: { "a:b": key(1) } }), "not readable"],
  ])("%s is refused and quoted nowhere", (text, problem) => {
    expect(() => parseKeyring(text)).toThrow(problem);
  });
});
