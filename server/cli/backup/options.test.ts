/** What the words of `backup …` mean, and what is wrong with others. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { encodeRing } from "../../backups/keys/recovery-kit.ts";
import { UsageError, cliWorld, fromEnvironment, openOneStore, openStores, readBackupKeys, readOptions, readRing, readStoreAddress } from "./options.ts";

const env = (values: Record<string, string> = {}): NodeJS.ProcessEnv => ({ NODE_ENV: "test", ...values });
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-options-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const ring = { current: "k1", keys: new Map([["k1", Buffer.alloc(32, 7)]]) };
const ringFile = path.join(folder, "keyring.json");
fs.writeFileSync(ringFile, encodeRing(ring));

describe("options", () => {
  test("have defaults and repeat", () => {
    expect(readOptions([])).toMatchObject({ store: [], engine: "auto", "keep-last": "7", all: false });
    expect(readOptions(["--store", "/a", "--store", "/b", "--all"])).toMatchObject({ store: ["/a", "/b"], all: true });
  });

  test.each([[["--nonsense"]], [["loose"]], [["--store"]]])("%j is refused", (words) => {
    expect(() => readOptions(words)).toThrow(UsageError);
  });
});

test("a value may lie in the environment, and must not be empty there", () => {
  expect(fromEnvironment("postgresql://a/b", env())).toBe("postgresql://a/b");
  expect(fromEnvironment("env:SHOP_URL", env({ SHOP_URL: " postgresql://a/b " }))).toBe("postgresql://a/b");
  expect(() => fromEnvironment("env:SHOP_URL", env({ SHOP_URL: " " }))).toThrow("The variable SHOP_URL is empty.");
  expect(() => fromEnvironment("env:SHOP_URL", env())).toThrow(UsageError);
});

describe("the address of a store", () => {
  const secrets = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

  test.each([
    ["/var/backups", { kind: "local", folder: "/var/backups" }],
    ["file:///var/backups", { kind: "local", folder: "/var/backups" }],
    ["backups", { kind: "local", folder: path.resolve("backups") }],
    ["s3://harbour", { kind: "s3", endpoint: "https://s3.us-east-1.amazonaws.com", region: "us-east-1", bucket: "harbour", prefix: "", accessKeyId: "id", secretAccessKey: "secret", pathStyle: true }],
    ["s3://harbour/a/b/?region=eu-north-1&path-style=false", { region: "eu-north-1", endpoint: "https://s3.eu-north-1.amazonaws.com", prefix: "a/b", pathStyle: false }],
    ["s3://harbour?endpoint=http://127.0.0.1:9000", { endpoint: "http://127.0.0.1:9000" }],
  ])("%s is read", (text, wanted) => {
    expect(readStoreAddress(text, env(secrets))).toMatchObject(wanted);
  });

  test("takes region and endpoint from the environment", () => {
    expect(readStoreAddress("s3://harbour", env({ ...secrets, AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: "http://127.0.0.1:9000" }))).toMatchObject({ region: "eu-west-1", endpoint: "http://127.0.0.1:9000" });
  });

  test.each<[string, Record<string, string>]>([
    ["s3://harbour", {}],
    ["s3://[/", secrets],
    ["s3://harbour?endpoint=ftp://a", secrets],
  ])("%s is refused with %j", (text, values) => {
    expect(() => readStoreAddress(text, env(values))).toThrow(UsageError);
  });
});

describe("stores", () => {
  const world = cliWorld();
  const open = (...stores: string[]) => openStores(readOptions(stores.flatMap((store) => ["--store", store])), env(), world);
  const one = (...stores: string[]) => openOneStore(readOptions(stores.flatMap((store) => ["--store", store])), env(), world);

  test("are opened, as many as are named", async () => {
    expect(await open(path.join(folder, "a"), path.join(folder, "b"))).toHaveLength(2);
    await expect(open()).rejects.toThrow("Say where backups lie");
  });

  test("one means one", async () => {
    expect(await one(path.join(folder, "a"))).toHaveProperty("put");
    await expect(one(path.join(folder, "a"), path.join(folder, "b"))).rejects.toThrow("Name one --store.");
  });
});

describe("keys", () => {
  const read = (words: string[], values: Record<string, string> = {}) => readRing(readOptions(words), env(values));

  test.each<[string, string[], Record<string, string>]>([
    ["a file", ["--key-file", ringFile], {}],
    ["the file of the environment", [], { SEAWORTHY_KEYRING_FILE: ringFile }],
    ["a variable", ["--key-env", "RING"], { RING: encodeRing(ring) }],
  ])("come from %s", async (_, words, values) => {
    expect((await read(words, values)).current).toBe("k1");
  });

  test("must be named, be there, and be keys", async () => {
    await expect(read([])).rejects.toThrow("Name the keys");
    await expect(read(["--key-file", path.join(folder, "none")])).rejects.toThrow("cannot be read: ENOENT");
    await expect(read(["--key-env", "RING"], { RING: "{}" })).rejects.toThrow("The keyring file is not readable");
    expect(await readBackupKeys(readOptions(["--key-file", ringFile]), env())).toBeTruthy();
  });
});
