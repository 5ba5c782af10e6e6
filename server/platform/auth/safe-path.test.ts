import fc from "fast-check";
import { expect, it } from "vitest";
import { safePath } from "./safe-path.ts";

it.each([
  ["/", "/"],
  ["/services?state=down#top", "/services?state=down#top"],
  ["/services/../access", "/access"],
])("keeps %s", (given, expected) => {
  expect(safePath(given)).toBe(expected);
});

it.each(["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "services", "", "/\t/evil.example", "/.//evil.example", "/\n/evil.example", undefined, 7])("goes home for %j", (given) => {
  expect(safePath(given)).toBe("/");
});

it("never leaves the site", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("/", "\\", ".", "@", ":", "?", "#", "\t", "\n", " ", "a", "e") }), (text) => {
      expect(new URL(safePath(`/${text}`), "https://console.example").origin).toBe("https://console.example");
    }),
  );
});
