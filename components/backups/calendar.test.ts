import { describe, expect, it } from "vitest";
import type { RunHistory } from "../../server/backups/schema.ts";
import { buildCalendar } from "./calendar.ts";
import { emptyPlan, planField, toPlanInput } from "./plan-values.ts";
import { freshName, partInWords, selectionOf, targetOf } from "./restore-values.ts";
import { minutesInWords, momentIn } from "./words.ts";

const NOW = new Date("2026-11-17T07:06:00Z");
const run = (at: string, state: RunHistory["runs"][number]["state"] = "stored") => ({ id: `run_${at}`, at: new Date(at), state, bytes: 1, seconds: 1 });
const history = (runs: RunHistory["runs"], timeZone = "UTC"): RunHistory => ({ timeZone, runs, drills: [{ id: "drl_1", at: new Date("2026-11-16T02:06:00Z"), isPassed: true }] });

describe("the calendar", () => {
  it("has a row for each time of the day, six weeks of days, and the next run", () => {
    const calendar = buildCalendar(history([run("2026-11-16T02:00:00Z", "verified"), run("2026-11-16T08:00:00Z", "failed"), run("2026-11-17T02:00:00Z")]), NOW, new Date("2026-11-17T08:00:00Z"));
    expect(calendar.rows).toEqual(["02:00", "08:00"]);
    expect(calendar.days).toHaveLength(42);
    expect(calendar.days.at(-1)).toMatchObject({ head: "Today", cells: [{ state: "stored" }, { state: "next" }], drill: null });
    expect(calendar.days.at(-2)).toMatchObject({ cells: [{ state: "verified" }, { state: "failed" }], drill: { id: "drl_1", isPassed: true } });
    expect(calendar.days[0]).toMatchObject({ head: "7 Oct", cells: [{ state: "none" }, { state: "none" }] });
  });

  it("gathers many times by hour and shows the worst of each", () => {
    const runs = Array.from({ length: 12 }, (_, n) => run(`2026-11-17T02:${String(n * 5).padStart(2, "0")}:00Z`, n === 3 ? "failed" : "verified"));
    const calendar = buildCalendar(history(runs), NOW, null);
    expect(calendar.rows).toEqual(["02:00"]);
    expect(calendar.days.at(-1)?.cells[0]?.state).toBe("failed");
  });

  it("has one row when runs come at every hour", () => {
    const runs = Array.from({ length: 24 }, (_, n) => run(`2026-11-16T${String(n).padStart(2, "0")}:00:00Z`));
    expect(buildCalendar(history(runs), NOW, null).rows).toEqual(["All"]);
  });

  it("uses days of the plan's zone", () => {
    const calendar = buildCalendar(history([run("2026-11-16T23:30:00Z")], "Europe/Berlin"), NOW, null);
    expect(calendar.rows).toEqual(["00:30"]);
    expect(calendar.days.at(-1)?.cells[0]?.state).toBe("stored");
  });
});

describe("words", () => {
  it.each([[45, "45 min"], [60, "1 h"], [360, "6 h"], [1_440, "24 h"], [4_320, "3 d"], [90, "90 min"]])("%d minutes", (minutes, words) => {
    expect(minutesInWords(minutes)).toBe(words);
  });
  it("moments in a zone", () => {
    expect(momentIn(new Date("2026-11-16T20:00:00Z"), "UTC")).toBe("Mon 16 Nov 20:00");
    expect(momentIn(new Date("2026-11-17T02:00:00Z"), "UTC", NOW)).toBe("Today 02:00");
    expect(momentIn(new Date("2025-11-17T02:00:00Z"), "UTC", NOW)).toBe("Mon 17 Nov 2025 02:00");
  });
});

describe("forms", () => {
  it("a plan becomes what the server takes", () => {
    const values = { ...emptyPlan([], "UTC"), name: "Shop", url: " postgresql://u@h/shop ", storeIds: ["sto_1"], drillCron: "", drillEveryNth: "" as const, expectedMegabytes: 50 };
    expect(toPlanInput(values)).toMatchObject({ source: { kind: "postgres", url: "postgresql://u@h/shop" }, drill: { cron: null, everyNth: null }, expectedBytes: 52_428_800, cipher: "aes-256-gcm", stores: [{ storeId: "sto_1" }] });
  });
  it.each([["source.url", "url"], ["source.bucket.endpoint", "endpoint"], ["stores.0.storeId", "storeIds"], ["drill.cron", "drillCron"], ["drill.assertions.0.sql", "assertions.0.sql"], ["name", "name"]])("an objection to %s stands at %s", (path, field) => {
    expect(planField(path)).toBe(field);
  });
  it("a restore proposes a name that is new and fits", () => {
    expect(freshName("payments-db", NOW)).toBe("payments_db_restored_1117");
    expect(freshName("9-lives", NOW)).toBe("_lives_restored_1117");
    const choice = { runId: null, kind: "postgres" as const, mode: "replace" as const, database: "x", path: "", prefix: "", url: "", isPart: true, tables: ["public.a", "public.b"], files: [] };
    expect(selectionOf(choice)).toEqual({});
    expect(selectionOf({ ...choice, mode: "create" })).toEqual({ tables: ["public.a", "public.b"] });
    expect(selectionOf({ ...choice, mode: "create", tables: [] })).toBeNull();
    expect(selectionOf({ ...choice, kind: "folder", files: ["a/**"] })).toEqual({ files: ["a/**"] });
    expect([{}, { tables: ["public.a"] }, { files: ["a", "b", "c"] }].map(partInWords)).toEqual([null, "public.a", "a and 2 more"]);
    expect(targetOf(choice, { source: { kind: "postgres", url: "postgresql://u@h/shop" } })).toEqual({ kind: "database", mode: "replace", database: "shop" });
  });
});
