import { beforeEach, describe, expect, test } from "vitest";
import { keyIdOf } from "../platform/crypto.ts";
import { forgetAudit } from "../platform/testing/audit.ts";
import { localNetwork } from "../platform/testing/brokers.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { createCallerFactory } from "../platform/trpc.ts";
import { closeSessions } from "./adapters/sessions.ts";
import { sampleDue } from "./engine/sampler.ts";
import { queuesRouter } from "./router/index.ts";

const database = testDatabase();
const ctx = (role: "viewer" | "editor" = "editor") => testContext({ db: database.db, actor: asActor(role), http: localNetwork });
const as = (role: "viewer" | "editor") => createCallerFactory(queuesRouter)(ctx(role));
const redis = { kind: "bullmq", url: "redis://app:s3cret@127.0.0.1:1/2", prefix: "bull" } as const;
const editor = () => as("editor");

beforeEach(async () => {
  await closeSessions();
  await database.pool.query("DELETE FROM queue_connection WHERE id <> 'own'");
  await forgetAudit(database.pool);
});

test("a connection is added with its password sealed, masked ever after, and named in the trail without it", async () => {
  const added = await editor().addConnection({ name: "Shop Redis", config: redis });
  expect(added).toMatchObject({ id: "shop-redis", kind: "bullmq", state: "unknown", config: { url: "redis://app:********@127.0.0.1:1/2" }, target: "127.0.0.1:1/2, prefix bull" });
  const { rows } = await database.pool.query<{ config: { url: string } }>("SELECT config FROM queue_connection WHERE id = 'shop-redis'");
  expect(keyIdOf(rows[0]!.config.url)).not.toBeNull();
  expect(JSON.stringify(await database.db.auditEntry.findMany(), (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value))).not.toContain("s3cret");
  expect((await as("viewer").connections({})).items.map(({ id }) => id)).toEqual(["own", "shop-redis"]);
  await expect(editor().addConnection({ name: "shop redis", config: redis })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(as("viewer").addConnection({ name: "Other", config: redis })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("a masked password is kept for the same server only", async () => {
  const { id } = await editor().addConnection({ name: "Shop", config: redis });
  const masked = "redis://app:********@127.0.0.1:1/3";
  expect(await editor().updateConnection({ id, revision: 1, config: { ...redis, url: masked } })).toMatchObject({ revision: 2, config: { url: masked } });
  await expect(editor().updateConnection({ id, revision: 1, name: "Late" })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(editor().updateConnection({ id, revision: 2, config: { ...redis, url: "redis://app:********@other.test:1/3" } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(editor().updateConnection({ id, revision: 2, config: { kind: "pgboss", url: "postgresql://a@b/c", schema: "pgboss" } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(editor().addConnection({ name: "Copy", config: { ...redis, url: masked } })).rejects.toMatchObject({ code: "BAD_REQUEST" });
});

test("the own connection stays as it is; another is removed with its figures", async () => {
  await expect(editor().removeConnection({ id: "own" })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  await expect(editor().updateConnection({ id: "own", revision: 1, name: "Mine" })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  const { id } = await editor().addConnection({ name: "Shop", config: redis });
  await editor().removeConnection({ id });
  await expect(as("viewer").connection({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(as("viewer").jobs({ connection: id, queue: "mail" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

describe("what was tried", () => {
  test.each([
    ["blocked by the guard", { kind: "pgboss", url: "postgresql://10.1.2.3/app", schema: "pgboss" } as const, "name"],
    ["blocked by the guard", { kind: "bullmq", url: "redis://169.254.169.254", prefix: "bull" } as const, "name"],
    ["blocked by the guard", { kind: "rabbitmq", url: "amqp://192.168.1.9", managementUrl: "http://127.0.0.1:1" } as const, "name"],
    ["nobody listens", { kind: "bullmq", url: "redis://127.0.0.1:1", prefix: "bull" } as const, "reach"],
    ["nobody listens", { kind: "rabbitmq", url: "amqp://127.0.0.1:1", managementUrl: "http://127.0.0.1:1" } as const, "reach"],
  ])("%s: the step that failed is the last", async (_what, config, step) => {
    const diagnosis = await editor().testConnection({ config });
    expect(diagnosis.isOk).toBe(false);
    expect(diagnosis.tried.at(-1)).toMatchObject({ step, isOk: false });
    expect(diagnosis.problem).toMatch(/^[A-Z].+/);
  });

  test("PostgreSQL: wrong password, no pg-boss, and all well", async () => {
    const url = new URL(database.url);
    const wrong = Object.assign(new URL(url), { username: "nobody-here" });
    expect((await editor().testConnection({ config: { kind: "pgboss", url: wrong.href, schema: "pgboss" } })).tried.at(-1)).toMatchObject({ step: "signIn", isOk: false });
    expect((await editor().testConnection({ config: { kind: "pgboss", url: url.href, schema: "elsewhere" } })).problem).toContain("there is no pg-boss in the schema elsewhere");
    const well = await editor().testConnection({ config: { kind: "pgboss", url: url.href, schema: "pgboss" } });
    expect(well).toMatchObject({ isOk: true, problem: null });
    expect(well.tried.map(({ step }) => step)).toEqual(["name", "reach", "signIn", "version", "rights", "found"]);
  });

  test("a pg-boss of a newer version is refused and says so", async () => {
    await database.pool.query("UPDATE pgboss.version SET version = version + 1");
    const { problem } = await editor().testConnection({ config: { kind: "pgboss", url: database.url, schema: "pgboss" } });
    await database.pool.query("UPDATE pgboss.version SET version = version - 1");
    expect(problem).toMatch(/newer than \d+, the newest this console knows/);
  });

  test("a connection that is down shows it, keeps others going, is left alone and comes back by itself", async () => {
    const { id } = await editor().addConnection({ name: "Down", config: { kind: "bullmq", url: "redis://127.0.0.1:1", prefix: "bull" } });
    await sampleDue(ctx());
    const down = await as("viewer").connection({ id });
    expect(down).toMatchObject({ state: "down", problem: expect.stringContaining("could not be reached") as string });
    expect(down.tried.map(({ step, isOk }) => [step, isOk])).toEqual([["name", true], ["reach", false]]);
    expect(down.nextReadAt.getTime()).toBeGreaterThan(Date.now());
    expect((await as("viewer").summary({})).down).toMatchObject([{ id, name: "Down" }]);
    expect((await as("viewer").connection({ id: "own" })).state).toBe("up");
    await expect(as("viewer").jobs({ connection: id, queue: "mail" })).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    await editor().updateConnection({ id, revision: 1, config: { kind: "bullmq", url: "redis://127.0.0.1:1", prefix: "app" } });
    expect((await as("viewer").connection({ id })).state).toBe("unknown");
  });
});
