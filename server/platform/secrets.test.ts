import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensurePrivateDir, ensureSecrets, readOrCreatePrivateFile, writePrivateFile } from "./secrets.ts";

let dir = "";
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-secrets-"));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const modeOf = (file: string) => fs.statSync(file).mode & 0o777;

test("secrets are made once, are long and only their owner can read them", () => {
  const dataDir = path.join(dir, "deep/data");
  const first = ensureSecrets(dataDir);
  expect(ensureSecrets(dataDir)).toEqual(first);
  expect(first.AUTH_SECRET.length).toBeGreaterThanOrEqual(43);
  const keyring = JSON.parse(fs.readFileSync(first.SEAWORTHY_KEYRING_FILE, "utf8")) as { current: string; keys: Record<string, string> };
  expect(Buffer.from(keyring.keys[keyring.current] ?? "", "base64")).toHaveLength(32);
  expect([modeOf(dataDir), modeOf(first.SEAWORTHY_KEYRING_FILE), modeOf(path.join(dataDir, "auth-secret"))]).toEqual([0o700, 0o600, 0o600]);
});

test("an open folder is closed", () => {
  fs.chmodSync(dir, 0o755);
  expect(ensurePrivateDir(dir)).toBe(dir);
  expect(modeOf(dir)).toBe(0o700);
});

test("the first writer wins and nothing else is left", () => {
  const file = path.join(dir, "one");
  expect(readOrCreatePrivateFile(file, () => "first")).toBe("first");
  expect(readOrCreatePrivateFile(file, () => "second")).toBe("first");
  writePrivateFile(file, "third");
  expect([fs.readFileSync(file, "utf8"), modeOf(file)]).toEqual(["third", 0o600]);
  expect(fs.readdirSync(dir)).toEqual(["one"]);
});
