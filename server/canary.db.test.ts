/**
 * Canaries: known secrets are put into every field that takes one, everything around them is used, also wrongly, and
 * then nothing that is kept or told holds one in clear: no row of any table, log line, error, figure or kept answer.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { issueSetupToken, signIn } from "./access/mutations/index.ts";
import { makeUser, signedIn } from "./access/testing/people.ts";
import { codeOfStep, stepAt } from "./platform/auth/totp.ts";
import { restEndpoint } from "./platform/rest/endpoint.ts";
import { config } from "./platform/config.ts";
import type { Context } from "./platform/context.ts";
import { createOutbound } from "./platform/http/guarded.ts";
import { createLogger } from "./platform/logger.ts";
import { gatherMetrics } from "./platform/metrics/gather.ts";
import { snapshot } from "./platform/snapshot/keeper.ts";
import { testContext, testDatabase } from "./platform/testing/database.ts";
import { testServer } from "./platform/testing/http.ts";
import { secretsCommand } from "./cli/secrets.ts";
import { appRouter, createCaller } from "./root.ts";
import type { CheckConfigInput } from "./services/check-config.ts";

const database = testDatabase();
const lines: string[] = [];
const errors: string[] = [];
const log = createLogger({ level: "trace", write: (line) => lines.push(line) });
Object.assign(globalThis, { seaworthyLogger: log });
const web = testServer(database, { "/api/v1": restEndpoint(appRouter) });

/** Every secret of this run, by where it was planted or made. */
const canaries = new Map<string, string>();

function plant(where: string, value = `canary-${where.replaceAll(" ", "-")}-${Math.random().toString(36).slice(2, 14)}`): string {
  canaries.set(where, value);
  return value;
}

/** Where in `text` a canary stands, in any of the spellings that text takes on its way. */
function foundIn(text: string): string[] {
  const spellings = (value: string) => [value, encodeURIComponent(value), Buffer.from(value).toString("base64").replace(/=+$/, ""), Buffer.from(value).toString("hex")];
  return [...canaries].filter(([, value]) => spellings(value).some((spelling) => text.includes(spelling))).map(([where]) => where);
}

/** Runs a call that may fail; what it says then is kept like a line of a log. */
async function attempt<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    for (let one = error; one instanceof Error; one = one.cause) errors.push(String(one.stack), JSON.stringify(one));
    return null;
  });
}

/** Local ports are allowed and closed, so that drivers fail by themselves. */
const http = createOutbound({ allow: ["127.0.0.0/8"], lookup: async () => [{ address: "127.0.0.1", family: 4 }] });
const world = (facts: Partial<Context> = {}): Context => testContext({ db: database.db, log, http, ...facts });
const call = (facts?: Partial<Context>) => createCaller(world(facts));

const checks = (): CheckConfigInput[] => [
  { kind: "http", url: "http://shop.test:9/", headers: [{ name: "Authorization", value: `Bearer ${plant("check header")}`, isSecret: true }] },
  { kind: "postgres", connectionString: `postgresql://app:${plant("check database password")}@db.test:9/shop` },
  { kind: "redis", url: `redis://app:${plant("check redis password")}@cache.test:9/0` },
];

async function useAccess(): Promise<Context["actor"]> {
  const issued = await issueSetupToken(world());
  const token = plant("setup token", issued?.token);
  await attempt(call({ actor: { kind: "anonymous" } }).access.setUp({ token: plant("wrong setup token"), name: "Maya", email: "maya@example.com", password: plant("refused password") }));
  const password = plant("administrator password");
  const admin = await call({ actor: { kind: "anonymous" } }).access.setUp({ token, name: "Maya", email: "maya@example.com", password });
  await attempt(signIn(world({ actor: { kind: "anonymous" } }), { email: "maya@example.com", password: plant("wrong password") } as never));
  const { sessionId } = await signIn(world({ actor: { kind: "anonymous" } }), { email: "maya@example.com", password } as never);
  const actor = { kind: "user", id: admin.id, name: "Maya", email: "maya@example.com", role: "admin", sessionId } as const;
  const access = call({ actor }).access;
  const next = plant("changed password");
  await attempt(access.changePassword({ currentPassword: plant("wrong current password"), newPassword: plant("unused password") }));
  await access.changePassword({ currentPassword: password, newPassword: next });
  await attempt(access.createUser({ email: "jonas@example.com", name: "Jonas", role: "editor", password: plant("colleague password") }));
  const made = await attempt(access.createUser({ email: "vera@example.com", name: "Vera", role: "viewer" }));
  if (made?.generatedPassword) plant("generated password", made.generatedPassword);
  const { plainKey } = await access.createKey({ name: "ci", scopes: ["*"], expiresInDays: 30 } as never);
  plant("API key", plainKey);
  const invited = await access.inviteUser({ email: "nina@example.com", role: "viewer" });
  plant("invitation link", new URL(invited.link?.url ?? "").hash.slice(1));
  const begun = await access.beginSecondFactor({ password: next });
  plant("second factor", begun.key.replaceAll(" ", ""));
  const confirmed = await attempt(access.confirmSecondFactor({ code: codeOfStep(begun.key.replaceAll(" ", ""), stepAt(new Date())) }));
  for (const [n, code] of (confirmed?.recoveryCodes ?? []).entries()) plant(`recovery code ${n}`, code);
  for (const [n, code] of ((await attempt(access.renewRecoveryCodes({ password: next })))?.recoveryCodes ?? []).entries()) plant(`renewed code ${n}`, code);
  return actor;
}

async function useChecks(actor: Context["actor"]): Promise<void> {
  const { services } = call({ actor });
  const service = await services.create({ name: "Shop" });
  for (const one of checks()) {
    const config = one as never;
    const check = await services.addCheck({ id: service.id, config });
    await attempt(services.testCheck({ config, timeoutMs: 500 } as never));
    await attempt(services.testCheck({ config: check.config, checkId: check.id, timeoutMs: 500 } as never));
    await services.updateCheck({ id: check.id, revision: check.revision, config, name: "renamed" });
    await attempt(services.updateCheck({ id: check.id, revision: 1, config } as never));
    await attempt(services.addCheck({ id: service.id, config: { ...one, nonsense: plant(`unknown field of ${one.kind}`), timeoutMs: "x" }, intervalSeconds: -1 } as never));
    await services.getCheck({ id: check.id });
    await attempt(services.removeCheck({ id: check.id }));
  }
  await services.get({ id: service.id });
  await services.list({});
}

/** Secrets where none belongs: headers, addresses and bodies of requests. */
async function misuseHttp(): Promise<void> {
  const ask = (to: string, init?: RequestInit) => fetch(`${web.origin}/api/v1${to}`, init).then(async (answer) => errors.push(await answer.text()));
  await ask("/services", { headers: { authorization: `Bearer sw_${plant("broken key")}` } });
  await ask("/services", { headers: { cookie: `seaworthy.session=${plant("broken cookie")}` } });
  await ask("/services", { headers: { authorization: `Bearer ${canaries.get("API key")}` } });
  await ask("/access/setup", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token: canaries.get("setup token"), name: "x", email: "no email", password: plant("password in a bad body") }) });
}

/** Failures nobody foresaw are logged with all that the database's client says: tables that are not there. */
async function breakTables(): Promise<void> {
  const actor = await signedIn(database.db, await makeUser(database.db, "admin"));
  const { services, access } = call({ actor });
  const service = await services.create({ name: "Broken" });
  for (const [table, work] of [
    ["service_check", () => services.addCheck({ id: service.id, config: { kind: "redis", url: `redis://:${plant("password without a table")}@cache.test:9` } } as never)],
    ["user", () => access.createUser({ email: "ada@example.com", name: "Ada", role: "viewer", password: plant("password of nobody") })],
    ["api_key", () => access.createKey({ name: plant("name of a key that looks like a secret"), scopes: ["*"], expiresInDays: 30 } as never)],
  ] as const) {
    await database.pool.query(`ALTER TABLE "${table}" RENAME TO gone`);
    await attempt<unknown>(work());
    await database.pool.query(`ALTER TABLE gone RENAME TO "${table}"`);
  }
  canaries.delete("name of a key that looks like a secret");
}

beforeAll(async () => {
  plant("AUTH_SECRET", config().AUTH_SECRET);
  const actor = await useAccess();
  await useChecks(actor);
  await breakTables();
  await misuseHttp();
  await secretsCommand(world(), ["status"]);
  await call({ actor }).settings.effectiveConfig({});
}, 60_000);

async function tables(): Promise<string[]> {
  const rows = await database.pool.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
  );
  return rows.rows.map(({ name }) => name);
}

describe("no secret in clear (T23)", () => {
  test("there are canaries enough, and the search finds one", () => {
    expect(canaries.size).toBeGreaterThan(25);
    expect(foundIn(`x ${canaries.get("API key")} y`)).toEqual(["API key"]);
    expect(foundIn(encodeURIComponent(canaries.get("check redis password") ?? ""))).toEqual(["check redis password"]);
  });

  test("in no row of any table: business, audit, jobs, series", async () => {
    const names = await tables();
    expect(names.length).toBeGreaterThan(15);
    expect(names).toEqual(expect.arrayContaining(["public.audit_entry", "public.service_check", "pgboss.job_common"]));
    const found: Record<string, string[]> = {};
    for (const name of names) {
      const { rows } = await database.pool.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      const hits = foundIn(rows.map(({ text }) => text).join("\n"));
      if (hits.length > 0) found[name] = hits;
    }
    expect(found).toEqual({});
  });

  test("in no log line, although there are some", () => {
    expect(lines.join("\n")).toContain("procedure failed");
    expect(foundIn(lines.join("\n"))).toEqual([]);
  });

  test("in no error, to people or to the log", () => {
    expect(errors.length).toBeGreaterThan(8);
    expect(foundIn(errors.join("\n"))).toEqual([]);
  });

  test("in no figure", async () => {
    const { text } = await gatherMetrics({ db: database.db, now: () => new Date(), log });
    expect(foundIn(text)).toEqual([]);
  });

  test("in no kept answer", async () => {
    const kept = [...(await Array.fromAsync(snapshot().answers.texts())), JSON.stringify(snapshot().callers.entries())].join("\n");
    expect(kept).toContain("services.list");
    expect(foundIn(kept)).toEqual([]);
  });

  test("not in what this process shows of itself to others on the machine", () => {
    expect(foundIn([process.title, ...process.argv, ...process.execArgv].join("\n"))).toEqual([]);
  });
});
