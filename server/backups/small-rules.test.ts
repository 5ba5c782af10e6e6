import { describe, expect, it } from "vitest";
import { matchesGlob } from "./glob.ts";
import { paceOf } from "./pace.ts";
import { resolveTarget } from "./restore-target.ts";
import { retentionStanding, runState } from "./run-state.ts";
import { defaultRetention } from "./schema/retention-policy.ts";
import { secondsInWords, sizeInWords, spanInWords } from "./units.ts";
import { isOtherPlace } from "./stores/place.ts";

describe("another place", () => {
  const bucket = (endpoint: string) => ({ kind: "s3" as const, endpoint, region: "eu", bucket: "b", prefix: "", accessKeyId: "a", secretAccessKey: "s", pathStyle: true });
  it.each([["https://s3.eu.example.com", true], ["http://10.0.0.7:9000", true], ["http://localhost:9000", false], ["http://127.0.0.1:9000", false], ["http://[::1]:9000", false], ["http://0.0.0.0:9000", false], ["nonsense", false]])("a bucket at %s: %s", (endpoint, isOther) => {
    expect(isOtherPlace(bucket(endpoint))).toBe(isOther);
  });
  it("a folder never is", () => expect(isOtherPlace({ kind: "local", folder: "/mnt/other" })).toBe(false));
});

describe("globs over tables", () => {
  it.each([
    ["pgboss.*", "pgboss.job", true],
    ["pgboss.*", "pgboss", false],
    ["*", "anything.at_all", true],
    ["public.orders", "public.orders", true],
    ["public.orders", "public.orders2", false],
    ["*.log_*", "public.log_2026", true],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    [`${"a*".repeat(30)}b`, "a".repeat(5_000), false],
  ])("%s against %s", (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });
});

describe("words for sizes and spans", () => {
  it.each([[0, "0 B"], [812, "812 B"], [2_083_059_138, "1.94 GiB"], [1_048_576, "1 MiB"], [5e15, "4550 TiB"]])("%d bytes", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
  it.each([[500, "0 seconds"], [1_000, "1 second"], [3_600_000, "1 hour"], [40 * 60_000, "40 minutes"], [47 * 3_600_000, "47 hours"], [49 * 3_600_000, "2 days"], [-5, "0 seconds"]])("%d ms", (ms, words) => {
    expect(spanInWords(ms)).toBe(words);
  });
  it.each([[0, "less than 0.1 s"], [0.043, "less than 0.1 s"], [0.84, "0.8 s"], [41, "41 s"], [200, "3 min 20 s"], [3_900, "1 h 05 min"]])("%d s", (seconds, words) => {
    expect(secondsInWords(seconds)).toBe(words);
  });
});

describe("pace", () => {
  it.each<[Parameters<typeof paceOf>[0], ReturnType<typeof paceOf>]>([
    [{ bytes: 100, elapsedMs: 2_000, expectedBytes: 200 }, { bytesPerSecond: 50, secondsLeft: 2 }],
    [{ bytes: 100, elapsedMs: 2_000, expectedBytes: null }, { bytesPerSecond: 50, secondsLeft: null }],
    [{ bytes: 300, elapsedMs: 2_000, expectedBytes: 200 }, { bytesPerSecond: 150, secondsLeft: null }],
    [{ bytes: 100, elapsedMs: 10, expectedBytes: 200 }, { bytesPerSecond: null, secondsLeft: null }],
    [{ bytes: 0, elapsedMs: 5_000, expectedBytes: 200 }, { bytesPerSecond: null, secondsLeft: null }],
  ])("%j", (progress, expected) => {
    expect(paceOf(progress)).toEqual(expected);
  });
});

describe("the state of a run is computed (C13)", () => {
  const at = new Date();
  const odd = [{ code: "size" as const, message: "small" }];
  it.each<[string, Parameters<typeof runState>[0], string, string]>([
    ["stored", { state: "stored", suspicions: [], verifiedAt: null, refutedAt: null }, "stored", "good"],
    ["a drill passed", { state: "stored", suspicions: [], verifiedAt: at, refutedAt: null }, "verified", "verified"],
    ["a drill passed, but it stands out", { state: "stored", suspicions: odd, verifiedAt: at, refutedAt: null }, "suspect", "suspect"],
    ["a drill refuted it", { state: "stored", suspicions: [], verifiedAt: null, refutedAt: at }, "suspect", "suspect"],
    ["running", { state: "running", suspicions: [], verifiedAt: null, refutedAt: null }, "running", "busy"],
    ["failed", { state: "failed", suspicions: [], verifiedAt: null, refutedAt: null }, "failed", "failed"],
    ["cancelled", { state: "cancelled", suspicions: [], verifiedAt: null, refutedAt: null }, "cancelled", "failed"],
  ])("%s", (...[, facts, state, standing]) => {
    expect(runState(facts)).toBe(state);
    expect(retentionStanding(runState(facts))).toBe(standing);
  });
});

describe("default retention (MDL3-061, MDL3-065)", () => {
  it.each([["local", "database", 30], ["s3", "database", 90], ["local", "files", 30], ["s3", "files", 30]] as const)("%s %s", (store, source, days) => {
    expect(defaultRetention(store, source).withinDays).toBe(days);
  });
});

describe("a restore's target", () => {
  const source = { kind: "postgres" as const, url: "postgresql://u:p@db.example:5433/shop" };
  const photos = { kind: "bucket" as const, bucket: { kind: "s3" as const, endpoint: "https://s3.example", region: "eu", bucket: "b", prefix: "photos", accessKeyId: "a", secretAccessKey: "s", pathStyle: true } };
  it("has one key however its prefix is written, so it is restored once at a time", () => {
    const [one, other] = ["back", "back/"].map((prefix) => resolveTarget({ kind: "bucket", prefix }, photos));
    expect(one).toEqual(other);
  });
  it("is the source's server by default, under a key of its own", () => {
    expect(resolveTarget({ kind: "database", database: "shop_back", mode: "create" }, source)).toMatchObject({ key: "database db.example:5433/shop_back", reach: "guarded", isSourceServer: true, label: "db.example:5433/shop_back" });
  });
  it.each<[string, Parameters<typeof resolveTarget>[0], Parameters<typeof resolveTarget>[1]]>([
    ["replaces nothing but the source", { kind: "database", database: "other", mode: "replace" }, source],
    ["replaces nothing on another server", { kind: "database", database: "shop", mode: "replace", url: "postgresql://u:p@elsewhere/shop" }, source],
    ["needs a server when the plan has none", { kind: "database", database: "shop_back", mode: "create" }, null],
    ["is no bucket for a database", { kind: "bucket", prefix: "x" }, source],
    ["is not the bucket's own prefix, however it is written", { kind: "bucket", prefix: "photos/" }, photos],
  ])("%s", (...[, target, from]) => {
    expect(() => resolveTarget(target, from)).toThrow(expect.objectContaining({ code: "invalid" }));
  });
});
