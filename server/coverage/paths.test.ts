import { describe, expect, test } from "vitest";
import { pathMapper, type PathRules } from "./paths.ts";

const one = (path: string, rules: PathRules = {}, all = [path]) => pathMapper(all, rules)(path);

test.each<[string, string | null, PathRules?]>([
  ["src/a.ts", "src/a.ts"],
  ["./src/../src/./a.ts", "src/a.ts"],
  ["../src/a.ts", null],
  ["a/../../b.ts", null],
  ["../lib/a.ts", "packages/lib/a.ts", { prefix: "packages/web" }],
  ["src\\a\\b.ts", "src/a/b.ts"],
  ["C:\\build\\shop\\src\\a.ts", "src/a.ts", { root: "C:\\build\\shop" }],
  ["D:/a/shop/shop/src/a.ts", "src/a.ts"],
  ["/home/runner/work/shop/shop/src/a.ts", "src/a.ts"],
  ["/builds/northpier/shop/src/a.ts", "src/a.ts"],
  ["file:///github/workspace/src/a.ts", "src/a.ts"],
  ["/srv/checkout/src/a.ts", "src/a.ts"],
  ["github.com/northpier/ledger/post/post.go", "post/post.go"],
  ["/srv/shop/../../../etc/passwd", "passwd"],
  ["__proto__", "__proto__"],
  ["", null],
  ["a\u0000b", null],
  ["x".repeat(10_000), null],
])("%j becomes %j", (path, wanted, rules) => {
  expect(one(path, rules)).toBe(wanted);
});

describe("absolute paths without a known checkout", () => {
  test("lose the folder that they share, but no folder that repositories have at their root", () => {
    const all = ["/opt/ci/job7/server/a.ts", "/opt/ci/job7/client/b.ts"];
    expect(all.map(pathMapper(all, {}))).toEqual(["server/a.ts", "client/b.ts"]);
    const deep = ["/opt/ci/job7/src/x/a.ts", "/opt/ci/job7/src/x/b.ts"];
    expect(deep.map(pathMapper(deep, {}))).toEqual(["src/x/a.ts", "src/x/b.ts"]);
  });
});
