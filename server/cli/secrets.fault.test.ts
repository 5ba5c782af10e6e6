/** Keys are rotated, sealed values follow and the old key is retired, while checks are read and written all the time. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { beginSecondFactor } from "../access/mutations/index.ts";
import { makeUser, signedIn, TEST_PASSWORD } from "../access/testing/people.ts";
import { config } from "../platform/config.ts";
import { open, seal } from "../platform/crypto.ts";
import { viewKeyring } from "../platform/rotation/keyring-file.ts";
import { testContext, testDatabase } from "../platform/testing/database.ts";
import { CheckConfig } from "../services/check-config.ts";
import { openConfig, sealedParts } from "../services/check-secrets.ts";
import { addCheck, updateCheck } from "../services/mutations/index.ts";
import { getCheck } from "../services/queries/index.ts";
import { AddCheck } from "../services/schema.ts";
import { addService } from "../services/testing/fixtures.ts";
import { secretsCommand } from "./secrets.ts";

const database = testDatabase();
const dataDir = mkdtempSync(path.join(os.tmpdir(), "sw-secrets-"));
const keyring = path.join(dataDir, "keyring.json");
const before = { SEAWORTHY_KEYRING_FILE: config().SEAWORTHY_KEYRING_FILE, SEAWORTHY_DATA_DIR: config().SEAWORTHY_DATA_DIR };
const CHECKS = 40;

const ctx = () => testContext({ db: database.db });
const run = (...args: string[]) => secretsCommand(ctx(), args);
const passwordOf = (n: number) => `p4ss-${n}-of-the-database`;
const ids: string[] = [];

/** Makes the file look as if it was changed long ago. */
const settle = () => utimesSync(keyring, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));

const storedConfigs = async () => (await database.db.check.findMany({ where: { id: { in: ids } }, select: { config: true } })).map(({ config: stored }) => stored as unknown as CheckConfig);
const keysInUse = async () => new Set((await storedConfigs()).flatMap(sealedParts).map((sealed) => sealed.split(":")[1]));

beforeAll(async () => {
  copyFileSync(before.SEAWORTHY_KEYRING_FILE, keyring);
  Object.assign(config(), { SEAWORTHY_KEYRING_FILE: keyring, SEAWORTHY_DATA_DIR: dataDir });
  Object.assign(globalThis, { seaworthySealer: undefined });
  for (let n = 0; n < CHECKS; n++) {
    // Each writer has services of its own: people who edit one service at a time wait for each other.
    const service = await addService(ctx(), { name: `Orders ${n}` });
    const check = CheckConfig.parse({ kind: "postgres", connectionString: `postgresql://app:${passwordOf(n)}@db.example:5432/orders` });
    ids.push((await addCheck(ctx(), AddCheck.parse({ id: service.id, config: check }))).id);
  }
});

afterAll(() => {
  Object.assign(config(), before);
  Object.assign(globalThis, { seaworthySealer: undefined });
  rmSync(dataDir, { recursive: true, force: true });
});

describe("rotation under load (T23)", () => {
  test("k1 to k2: no read and no write fails, everything is sealed anew, then k1 can go", async () => {
    const user = await signedIn(database.db, await makeUser(database.db, "admin"));
    await beginSecondFactor(testContext({ db: database.db, actor: user }), { password: TEST_PASSWORD });
    expect([...(await keysInUse())]).toEqual(["k1"]);
    let isOver = false;
    const done = { reads: 0, writes: 0 };
    const failures: unknown[] = [];
    const load = async (work: (n: number) => Promise<void>) => {
      for (let n = 0; !isOver && failures.length === 0; n++) await work(n % CHECKS).catch((error: unknown) => failures.push(error));
    };
    const reader = () =>
      load(async (n) => {
        const row = await database.db.check.findUniqueOrThrow({ where: { id: ids[n] ?? "" }, select: { config: true } });
        const opened = openConfig(row.config as unknown as CheckConfig) as { connectionString: string };
        expect(opened.connectionString).toContain("p4ss-");
        done.reads += 1;
      });
    const writer = (own: number) => () =>
      load(async (n) => {
        const id = ids[(n * 4 + own) % CHECKS] ?? "";
        const { revision } = await getCheck(ctx(), { id });
        await updateCheck(ctx(), { id, revision, config: CheckConfig.parse({ kind: "postgres", connectionString: `postgresql://app:${passwordOf(n)}-new@db.example:5432/orders` }) });
        done.writes += 1;
      });
    const running = [reader(), reader(), writer(0)(), writer(1)(), writer(2)(), writer(3)()];
    await expect.poll(() => done.writes + failures.length * 1_000, { timeout: 20_000 }).toBeGreaterThan(20);
    expect(failures).toEqual([]);
    const rotated = await run("rotate");
    expect(rotated).toMatchObject({ exitCode: 0, output: { current: "k2", keys: ["k1", "k2"] } });
    const atRotation = done.writes;
    await expect.poll(() => done.writes + failures.length * 1_000, { timeout: 20_000 }).toBeGreaterThan(atRotation + 40);
    isOver = true;
    await Promise.all(running);
    expect(failures).toEqual([]);
    await run("reseal");
    expect([...(await keysInUse())]).toEqual(["k2"]);
    settle();
    expect(await run("retire", "k1")).toMatchObject({ exitCode: 0, output: { current: "k2", keys: ["k2"] } });
    for (const stored of await storedConfigs()) expect(JSON.stringify(openConfig(stored))).toContain("p4ss-");
  });

  test("a key in use, the current key, an unknown key and a fresh rotation are refused, and the file stays", async () => {
    settle();
    await expect(run("retire", "k2")).rejects.toMatchObject({ code: "precondition" });
    await expect(run("retire", "k9")).rejects.toMatchObject({ code: "not_found" });
    await run("rotate");
    await expect(run("retire", "k2")).rejects.toMatchObject({ code: "precondition", message: expect.stringContaining("less than a minute") });
    settle();
    const stranger = seal("kept by the old key", "services.check").replace("sw1:k3", "sw1:k2");
    await database.db.$executeRaw`UPDATE service_check SET config = jsonb_set(config, '{connectionString}', to_jsonb(${stranger}::text)) WHERE id = ${ids[0]}`;
    await expect(run("retire", "k2")).rejects.toMatchObject({ code: "precondition", message: expect.stringContaining("1 checks") });
    expect(await viewKeyring(keyring)).toEqual({ current: "k3", keys: ["k2", "k3"] });
  });

  test("another process picks a new key up at once, and survives a broken file", async () => {
    const sealed = seal("harbour", "test");
    await run("rotate");
    const value = JSON.parse(readFileSync(keyring, "utf8")) as { current: string };
    expect(open(sealed, "test")).toBe("harbour");
    await expect.poll(() => seal("x", "test").split(":")[1], { timeout: 5_000 }).toBe(value.current);
    const good = readFileSync(keyring, "utf8");
    writeFileSync(keyring, "{ half a fi");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(open(seal("tide", "test"), "test")).toBe("tide");
    writeFileSync(keyring, good);
  });

  test("status names keys and who needs them; nothing says a key itself", async () => {
    const all = await run("status");
    const keys = Object.values((JSON.parse(readFileSync(keyring, "utf8")) as { keys: Record<string, string> }).keys);
    for (const key of keys) expect(JSON.stringify(all)).not.toContain(key);
    expect(all.lines.join("\n")).toMatch(/\(current\)/);
    const audit = await database.db.auditEntry.findMany({ where: { action: { startsWith: "secrets." } } });
    expect(audit.map(({ action }) => action)).toContain("secrets.retire");
    for (const key of keys) expect(JSON.stringify(audit, (_k, v: unknown) => (typeof v === "bigint" ? String(v) : v))).not.toContain(key);
  });
});
