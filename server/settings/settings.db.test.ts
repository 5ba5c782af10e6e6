import { beforeEach, describe, expect, test } from "vitest";
import { config } from "../platform/config.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { createCallerFactory } from "../platform/trpc.ts";
import { updateSettings } from "./mutations/index.ts";
import { getEffectiveConfig, getSettings, maskUrl, SETTINGS_KEY } from "./queries/index.ts";
import { settingsRouter } from "./router.ts";
import { DEFAULT_SETTINGS } from "./schema.ts";

const database = testDatabase();
const ctx = () => testContext({ db: database.db });
const caller = createCallerFactory(settingsRouter);

beforeEach(async () => {
  await database.db.setting.deleteMany();
});

describe("settings", () => {
  test("are the defaults until somebody saves", async () => {
    expect(await getSettings(ctx())).toEqual({ revision: 0, values: DEFAULT_SETTINGS, environment: "production", sendsMail: false, updatedAt: null, updatedBy: null });
  });

  test("change field by field, with an audit row of before and after", async () => {
    const saved = await updateSettings(ctx(), { revision: 0, values: { instanceName: "Northpier", environmentLabel: "staging" } });
    expect(saved).toMatchObject({ revision: 1, environment: "staging", updatedBy: "Test admin", values: { ...DEFAULT_SETTINGS, instanceName: "Northpier", environmentLabel: "staging" } });
    expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
      action: "settings.update",
      before: { instanceName: "Seaworthy", environmentLabel: null },
      after: { instanceName: "Northpier", environmentLabel: "staging" },
    });
  });

  test("of many saves from one revision, one wins", async () => {
    const saves = Array.from({ length: 8 }, (_, n) => updateSettings(ctx(), { revision: 0, values: { instanceName: `Name ${n}` } }));
    const results = await Promise.allSettled(saves);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
    expect(await getSettings(ctx())).toMatchObject({ revision: 1 });
  });

  test("refuse retention that shrinks with coarseness, and nonsense", async () => {
    await expect(updateSettings(ctx(), { revision: 0, values: { servicesRawDays: 60 } })).rejects.toMatchObject({ code: "invalid" });
    const call = caller(ctx());
    for (const values of [{ timeZone: "Mars/Olympus" }, { instanceName: "" }, { servicesRawDays: 0 }, { servicesDayDays: 1.5 }]) await expect(call.update({ revision: 0, values })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(caller(testContext({ db: database.db, actor: asActor("editor") })).update({ revision: 0, values: {} })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await getSettings(ctx())).toMatchObject({ revision: 0 });
  });

  test("survive one stored value of another version", async () => {
    await database.db.setting.create({ data: { key: SETTINGS_KEY, value: { revision: 4, values: { timeZone: 7, instanceName: "Kept", unknown: 1 } }, updatedAt: new Date(), updatedBy: "x" } });
    expect(await getSettings(ctx())).toMatchObject({ revision: 4, values: { timeZone: "UTC", instanceName: "Kept" } });
  });
});

describe("effective configuration", () => {
  test("shows every variable and no secret", () => {
    const values = { ...config(), DATABASE_URL: "postgresql://me:hunter22@db:5432/sw?sslpassword=x", SEAWORTHY_ADMIN_PASSWORD: "hunter22hunter22", TRUSTED_PROXIES: ["10.0.0.0/8", "::1/128"] };
    const { entries } = getEffectiveConfig(values, new Set(["DATABASE_URL"]));
    const text = JSON.stringify(entries);
    for (const secret of ["hunter22", "sslpassword", config().AUTH_SECRET]) expect(text).not.toContain(secret);
    const entry = (name: string) => entries.find((each) => each.name === name);
    expect(entry("DATABASE_URL")).toMatchObject({ isSet: true, isSecret: true, value: "postgresql://••••@db:5432/sw?••••" });
    expect(entry("PORT")).toMatchObject({ isSet: false, value: "3000", default: "3000" });
    expect(entry("TRUSTED_PROXIES")).toMatchObject({ value: "10.0.0.0/8, ::1/128" });
    expect(entry("REDIS_URL")).toMatchObject({ value: null });
  });

  test("is an admin's to see", async () => {
    await expect(caller(testContext({ db: database.db, actor: asActor("editor") })).effectiveConfig({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await caller(ctx()).effectiveConfig({})).entries.length).toBeGreaterThan(20);
  });

  test("masks what it cannot read", () => {
    expect(maskUrl("host=db password=x")).toBe("••••");
  });
});
