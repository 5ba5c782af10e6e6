import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { binary } from "../platform/embedded/binaries.ts";
import { drillExtensions, EMBEDDED_EXTENSIONS, missingExtensions } from "./extensions.ts";

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
  expect(drillExtensions([])).toBeNull();
  expect(drillExtensions(["citext"])).toEqual({ level: "ok", code: "extensions", message: "citext: there for drills too." });
  expect(drillExtensions(["citext", "postgis"])).toMatchObject({ level: "warning", message: expect.stringMatching(/^The PostgreSQL that drills start lacks the extension postgis\. .*name a drill server/) });
});

test("the list is what the PostgreSQL of the packages carries", () => {
  const folder = path.join(path.dirname(path.dirname(binary("postgres"))), "share/postgresql/extension");
  const carried = readdirSync(folder).filter((file) => file.endsWith(".control"));
  expect([...EMBEDDED_EXTENSIONS].toSorted()).toEqual(carried.map((file) => path.basename(file, ".control")).toSorted());
});
