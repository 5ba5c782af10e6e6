import { expect, test } from "vitest";
import { AppError } from "../../platform/errors.ts";
import { backupKeys } from "./backup-keys.ts";
import { encodeRing, readKeys, recoveryKit, ringFingerprint } from "./recovery-kit.ts";

const ring = { current: "k2", keys: new Map([["k1", Buffer.alloc(32, 1)], ["k2", Buffer.alloc(32, 2)]]) };
const facts = { installation: "https://console.example", at: new Date("2027-01-15T12:00:00Z"), stores: ["s3.example.com/backups"], ownFolder: "seaworthy" };

test("the kit is a page for people that works as a key file, also with another line ending or text around it", () => {
  const kit = recoveryKit(ring, facts);
  for (const text of [kit, kit.replaceAll("\n", "\r\n"), `Found in the safe:\n${kit}\nbye`, encodeRing(ring)]) {
    expect(readKeys(text)).toEqual(ring);
  }
  expect(kit).toContain("https://console.example");
  expect(kit).toContain("s3.example.com/backups");
  expect(kit).toContain("--backup latest --name seaworthy --to own");
  expect(Math.max(...kit.split("\n").map((line) => line.length))).toBeLessThan(100);
});

test("a cut kit, and one with a wrong letter in a key, are refused", () => {
  const kit = recoveryKit(ring, facts);
  expect(() => readKeys(kit.slice(0, kit.indexOf("-----END")))).toThrow(AppError);
  expect(() => readKeys("nothing")).toThrow(AppError);
  expect(() => readKeys(kit.replace("AQEB", "AQ"))).toThrow(AppError);
});

test("the fingerprint tells rings apart and does not depend on their order", () => {
  const turned = { current: "k1", keys: new Map([...ring.keys].toReversed()) };
  expect(ringFingerprint(turned)).toBe(ringFingerprint(ring));
  expect(ringFingerprint({ ...ring, keys: new Map([["k1", Buffer.alloc(32, 9)]]) })).not.toBe(ringFingerprint(ring));
  expect(ringFingerprint(ring)).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/);
});

test("keys of archives differ by salt and key, and none signs", () => {
  const keys = backupKeys(ring);
  const made = [keys.dataKey("k1", Buffer.alloc(32, 1)), keys.dataKey("k1", Buffer.alloc(32, 2)), keys.dataKey("k2", Buffer.alloc(32, 1))].map((key) => key.toString("hex"));
  expect(new Set([...made, ...[...ring.keys.values()].map((key) => key.toString("hex"))]).size).toBe(5);
  expect(keys.isSignature("k1", "text", keys.sign("k1", "text"))).toBe(true);
  expect(keys.isSignature("k2", "text", keys.sign("k1", "text"))).toBe(false);
  expect(keys.isSignature("k1", "text", "")).toBe(false);
});
