/** Secrets are sealed, masked, and kept only where they already belong. */
import { describe, expect, test } from "vitest";
import type { Hook } from "./schema/hooks.ts";
import type { PlanSource } from "./schema/plan-source.ts";
import type { S3StoreConfig, StoreConfig } from "./schema/store-config.ts";
import { SECRET_MASK, carryHooks, carrySource, carryStore, maskHooks, maskPassword, maskSource, maskStore, openHooks, openSource, openStoreConfig, openTarget, sealHooks, sealSource, sealStore, sealTarget, sealedIn } from "./secrets.ts";

const bucket: S3StoreConfig = { kind: "s3", endpoint: "https://s3.example", region: "us-east-1", bucket: "harbour", prefix: "", accessKeyId: "AKIA", secretAccessKey: "hidden-key", pathStyle: true };
const local: StoreConfig = { kind: "local", folder: "/var/backups" };
const database: PlanSource = { kind: "postgres", url: "postgresql://reader:hidden@db.example:5432/shop" };
const folder: PlanSource = { kind: "folder", path: "/srv/files", include: [], exclude: [], links: "refuse" };
const hook: Hook = { when: "after", url: "https://hooks.example/T0/hidden-token", mustSucceed: false };
const masked = { ...bucket, secretAccessKey: SECRET_MASK };

const SOURCES: PlanSource[] = [{ kind: "self" }, database, folder, { kind: "bucket", bucket }];

describe("sealed for the database", () => {
  test.each(SOURCES)("a source $kind comes back whole and shows no secret", (source) => {
    const sealed = sealSource(source);
    expect(openSource(sealed)).toEqual(source);
    expect(JSON.stringify(sealed)).not.toContain("hidden");
    expect(JSON.stringify(maskSource(source))).not.toContain("hidden");
  });

  test.each([local, bucket] as StoreConfig[])("a store $kind comes back whole and shows no secret", (store) => {
    expect(openStoreConfig(sealStore(store))).toEqual(store);
    expect(JSON.stringify([sealStore(store), maskStore(store)])).not.toContain("hidden");
  });

  test("a hook, and the address of a restore", () => {
    expect(openHooks(sealHooks([hook]))).toEqual([hook]);
    expect(openTarget(sealTarget("postgresql://a:b@c/d"))).toBe("postgresql://a:b@c/d");
    expect(maskHooks([hook])).toEqual([{ ...hook, url: `https://hooks.example/${SECRET_MASK}` }]);
  });

  test("every sealed value is found, at any depth", () => {
    const sealed = sealSource({ kind: "bucket", bucket });
    expect(sealedIn({ list: [sealed, null, 7], plain: "text" })).toEqual([(sealed as { bucket: S3StoreConfig }).bucket.secretAccessKey]);
  });
});

test.each([
  ["postgresql://reader:hidden@db/shop", `postgresql://reader:${SECRET_MASK}@db/shop`],
  ["postgresql://reader@db/shop", "postgresql://reader@db/shop"],
])("%s is shown as %s", (address, shown) => {
  expect(maskPassword(address)).toBe(shown);
});

describe("a mask that comes back", () => {
  test("keeps the secret where the target is the same", () => {
    expect(carryStore(masked, bucket)).toEqual(bucket);
    expect(carrySource({ kind: "bucket", bucket: masked }, { kind: "bucket", bucket })).toEqual({ kind: "bucket", bucket });
    expect(carrySource(maskSource(database), database)).toEqual(database);
    expect(carryHooks(maskHooks([hook]), [{ ...hook, when: "before" }, hook])).toEqual([hook]);
  });

  test("leaves a new secret, and what has none, as they are", () => {
    expect(carryStore({ ...bucket, secretAccessKey: "other" }, bucket)).toMatchObject({ secretAccessKey: "other" });
    expect(carryStore(local, bucket)).toEqual(local);
    expect(carrySource(folder, database)).toEqual(folder);
    expect(carrySource(database, null)).toEqual(database);
    expect(carryHooks([hook], [])).toEqual([hook]);
  });

  test.each([
    ["another endpoint", () => carryStore({ ...masked, endpoint: "https://elsewhere.example" }, bucket)],
    ["another account", () => carryStore({ ...masked, accessKeyId: "OTHER" }, bucket)],
    ["a store that was a folder", () => carryStore(masked, local)],
    ["a new store", () => carryStore(masked, null)],
    ["a source that was a database", () => carrySource({ kind: "bucket", bucket: masked }, database)],
    ["another server", () => carrySource({ kind: "postgres", url: maskPassword("postgresql://reader:x@elsewhere:5432/shop") }, database)],
    ["another user", () => carrySource({ kind: "postgres", url: maskPassword("postgresql://owner:x@db.example:5432/shop") }, database)],
    ["a source that was a folder", () => carrySource(maskSource(database), folder)],
    ["a hook to elsewhere", () => carryHooks([{ ...hook, url: `https://elsewhere.example/${SECRET_MASK}` }], [hook])],
    ["a hook at another moment", () => carryHooks([{ ...maskHooks([hook])[0]!, when: "failed" }], [hook])],
  ])("is refused for %s", (_, carry) => {
    expect(carry).toThrow("Enter the secret again: it is not kept when the target changes.");
  });
});
