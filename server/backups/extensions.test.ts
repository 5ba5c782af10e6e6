import { expect, test } from "vitest";
import { embeddedExtensions } from "../platform/embedded/binaries.ts";
import { drillExtensions, missingExtensions } from "./extensions.ts";

const AVAILABLE = new Set(["plpgsql", "pg_trgm", "citext"]);

test.each([
  [[], null],
  [["citext", "pg_trgm"], null],
  [["postgis"], "The server lacks the extension postgis."],
  [["citext", "postgis", "timescaledb"], "The server lacks the extensions postgis, timescaledb."],
])("of %j the missing ones are told", (wanted, words) => {
  expect(missingExtensions(wanted, AVAILABLE, "The server")).toBe(words);
});

test("drills are told what they lack before the first one fails; a backup is taken anyway", () => {
  expect(drillExtensions([], AVAILABLE)).toBeNull();
  expect(drillExtensions(["citext"], AVAILABLE)).toEqual({ level: "ok", code: "extensions", message: "citext: there for drills too." });
  expect(drillExtensions(["citext", "postgis"], AVAILABLE)).toMatchObject({ level: "warning", message: expect.stringMatching(/^The PostgreSQL that drills start lacks the extension postgis\. .*name a drill server/) });
});

test("the PostgreSQL of the packages names what it carries", () => {
  const found = embeddedExtensions();
  expect([...found]).toEqual(expect.arrayContaining(["plpgsql", "pg_trgm", "citext", "pgcrypto"]));
  expect(found.has("postgis")).toBe(false);
});
