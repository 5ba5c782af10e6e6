import { expect, test } from "vitest";
import { changesOf } from "./audit-diff.ts";

test.each([
  [null, null, []],
  [{ a: 1 }, { a: 1 }, []],
  [null, { name: "Maya", role: "admin" }, [{ path: "name", before: null, after: "Maya" }, { path: "role", before: null, after: "admin" }]],
  [{ a: { b: 1, c: [1, 2] } }, { a: { b: 2, c: [1, 2] } }, [{ path: "a.b", before: "1", after: "2" }]],
  [{ gone: true, kept: "x" }, { kept: "x" }, [{ path: "gone", before: "true", after: null }]],
  [{ a: null }, { a: "" }, [{ path: "a", before: null, after: "" }]],
  [null, { a: null }, []],
])("%j to %j", (before, after, changes) => expect(changesOf(before, after)).toEqual(changes));
