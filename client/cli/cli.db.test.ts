import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanSource } from "../../server/backups/schema.ts";
import { openSource } from "../../server/backups/secrets.ts";
import { makeApiKey } from "../../server/platform/auth/api-key.ts";
import { trpcEndpoint } from "../../server/platform/edge/trpc-endpoint.ts";
import { testDatabase } from "../../server/platform/testing/database.ts";
import { testServer } from "../../server/platform/testing/http.ts";
import { appRouter } from "../../server/root.ts";
import { answerLine } from "./main.ts";

const database = testDatabase();
const health = (status: string) => () => Response.json({ status }, { headers: { date: new Date().toUTCString() } });
const server = testServer(database, { "/api/trpc": trpcEndpoint(appRouter), "/health/live": health("alive"), "/health/ready": health("ready") });
const folder = mkdtempSync(path.join(os.tmpdir(), "seaworthy-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keys = { admin: makeApiKey(), reader: makeApiKey(), revoked: makeApiKey() };

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_1", email: "a@example.com", name: "Ada", role: "admin", createdAt: now, updatedAt: now } });
  const row = (id: string, key: typeof keys.admin, scopes: string[]) => ({ id, name: id, prefix: key.prefix, hash: key.hash, ownerId: "usr_1", scopes, createdAt: now });
  await database.db.apiKey.createMany({ data: [row("key_1", keys.admin, ["*"]), row("key_2", keys.reader, ["services:read", "access:read"]), { ...row("key_3", keys.revoked, ["*"]), revokedAt: now }] });
});

type Who = keyof typeof keys;
const run = (line: string[], { as = "admin", extra = {} }: { as?: Who; extra?: Record<string, string> } = {}) => answerLine(line, { XDG_CONFIG_HOME: folder, SEAWORTHY_URL: server.origin, SEAWORTHY_API_KEY: keys[as].plain, ...extra }, folder);

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}

const MANIFEST = `version: 1
services:
  - slug: payments
    name: Payments
    tier: 1
    tags: [money, core]
    checks:
      - name: Health
        kind: http
        url: https://payments.example/health
        headers:
          - { name: Authorization, value: "Bearer \${TOKEN}", isSecret: true }
      - { name: Socket, kind: tcp, host: payments.example, port: 443, isPaused: true }
gates:
  - { service: payments, maxDrop: null, failBelow: warn, expectedFlags: [unit] }
loadtests:
  - { service: payments, maxP95Ms: 800 }
limits:
  - { window: read-user, max: 777 }
`;

describe("a manifest", () => {
  test("is a plan first, then done, then nothing to change", async () => {
    const name = file("seaworthy.yaml", MANIFEST);
    const extra = { TOKEN: "s3cret" };
    const plan = await run(["apply", name], { extra });
    expect(plan.lines).toEqual(["+ service payments", "+ check payments / Health", "+ check payments / Socket", "+ coverage gate payments", "+ load-test rules of payments", "+ limit read-user", "6 changes to make. Nothing was done yet; run it with --yes to carry it out."]);
    expect(await database.db.service.count({ where: { slug: "payments" } })).toBe(0);
    expect((await run(["apply", name, "--check"], { extra })).exitCode).toBe(1);

    expect((await run(["apply", name, "--yes"], { extra })).lines.at(-1)).toBe("6 changes done.");
    const found = await database.db.service.findUniqueOrThrow({ where: { slug: "payments" }, include: { checks: true } });
    expect(found).toMatchObject({ tier: 1, tags: ["core", "money"] });
    expect(Object.fromEntries(found.checks.map(({ name: check, pausedAt }) => [check, pausedAt !== null]))).toEqual({ Health: false, Socket: true });
    expect(JSON.stringify(found.checks)).not.toContain("s3cret");

    const again = await run(["apply", name, "--check"], { extra });
    expect(again).toMatchObject({ exitCode: 0, output: { changes: [] } });
  });

  test("exports to the same bytes twice, without secrets, and applies to itself without a change", async () => {
    const first = await run(["export", "--output", "out.yaml"]);
    expect(first).toMatchObject({ exitCode: 0, output: { file: "out.yaml" } });
    const text = readFileSync(path.join(folder, "out.yaml"), "utf8");
    expect(text).toContain("value: \"********\"");
    expect((await run(["export"])).lines.join("\n")).toBe(text.trimEnd());
    expect((await run(["apply", "out.yaml", "--check"])).lines).toEqual(["Nothing to change."]);
  });

  test("shows each field that differs, and changes nothing else", async () => {
    const name = file("changed.yaml", MANIFEST.replace("tier: 1", "tier: 2").replace("port: 443, isPaused: true", "port: 8443").replace("max: 777", "max: 778"));
    const done = await run(["apply", name, "--yes"], { extra: { TOKEN: "s3cret" } });
    expect(done.lines).toEqual(["~ service payments", "    tier: 1 → 2", "~ check payments / Socket", "    isPaused: true → false", "    port: 443 → 8443", "~ limit read-user", "    max: 777 → 778", "3 changes done."]);
    const socket = await database.db.check.findFirstOrThrow({ where: { name: "Socket" } });
    expect(socket).toMatchObject({ pausedAt: null, config: { kind: "tcp", host: "payments.example", port: 8443 } });
    expect(await database.db.auditEntry.count({ where: { action: { in: ["services.update", "services.updateCheck", "services.resumeCheck"] } } })).toBe(3);
  });

  test("removes only what it is told to", async () => {
    const name = file("less.yaml", "version: 1\nservices:\n  - { slug: payments, name: Payments, tags: [money, core] }\n");
    expect((await run(["apply", name])).lines).toEqual(["2 things of the console not in the file, left alone (--prune removes them).", "Nothing to change."]);
    expect((await run(["apply", name, "--prune", "--yes"])).lines).toEqual(["- check payments / Socket", "- check payments / Health", "2 changes done."]);
    expect(await database.db.check.count()).toBe(0);
  });

  test("holds backup plans: stores and services by name, secrets kept where the mask comes back", async () => {
    const store = { kind: "local", config: { kind: "local", folder: path.join(folder, "store") }, label: "store", createdAt: new Date(), updatedAt: new Date() };
    await database.db.backupStore.create({ data: { id: "sto_1", name: "Here", ...store } });
    const plans = (lines: string) => `version: 1\nbackups:\n  - slug: orders-db\n    name: Orders\n    service: payments\n    cron: 0 3 * * *\n    timeZone: Europe/Riga\n    source: { kind: postgres, url: "postgresql://u:\${PW}@127.0.0.1:9/orders" }\n    stores: [{ store: Here, withinDays: 20, monthly: 6 }]\n    assertions: [{ name: Some, sql: SELECT true }]\n    hooks: [{ when: failed, url: "https://hooks.example/\${PW}" }]\n${lines}`;
    const name = file("plans.yaml", plans("    isPaused: true\n"));
    const extra = { PW: "s3cret" };
    expect((await run(["apply", name], { extra })).lines[0]).toBe("+ backup plan orders-db");
    expect((await run(["apply", name, "--yes"], { extra })).lines.at(-1)).toBe("1 change done.");
    const found = await database.db.backupPlan.findUniqueOrThrow({ where: { slug: "orders-db" }, include: { service: true, stores: true } });
    expect(found).toMatchObject({ name: "Orders", timeZone: "Europe/Riga", service: { slug: "payments" }, pausedAt: expect.any(Date), stores: [{ retention: { withinDays: 20, monthly: 6, keepLast: 7 } }] });
    expect((await run(["apply", name, "--check"], { extra })).lines).toEqual(["Nothing to change."]);
    const exported = (await run(["export"])).lines.join("\n");
    expect(exported).toContain("url: postgresql://u:********@127.0.0.1:9/orders");
    expect(exported).not.toContain("s3cret");
    const own = file("own.yaml", exported);
    expect((await run(["apply", own, "--check"])).lines).toEqual(["Nothing to change."]);
    writeFileSync(path.join(folder, own), exported.replace("monthly: 6", "monthly: 12").replace("isPaused: true", "isPaused: false"));
    expect((await run(["apply", own, "--yes"])).lines.at(-1)).toBe("1 change done.");
    const after = await database.db.backupPlan.findUniqueOrThrow({ where: { slug: "orders-db" }, include: { stores: true } });
    expect(after).toMatchObject({ pausedAt: null, stores: [{ retention: { monthly: 12 } }] });
    expect(openSource(after.source as PlanSource)).toMatchObject({ url: "postgresql://u:s3cret@127.0.0.1:9/orders" });
    const missing = file("elsewhere.yaml", plans("").replace("store: Here", "store: Nowhere"));
    expect((await run(["apply", missing, "--yes"], { extra })).lines[0]).toContain("There is no store Nowhere");
  });

  test("stops at the first failure and says how far it came", async () => {
    const name = file("late.yaml", "version: 1\nservices:\n  - { slug: aaa, name: Aaa }\n  - { slug: bbb, name: Bbb, tier: 9 }\n");
    const answer = await run(["apply", name, "--yes"]);
    expect(answer.exitCode).toBe(1);
    expect(answer.lines[0]).toMatch(/^1 change of 2 done; service bbb failed: tier: .*\nRun it again to go on from here\.$/s);
    expect(await database.db.service.count({ where: { slug: "aaa" } })).toBe(1);
  });
});

describe("imports", () => {
  const backup = JSON.stringify({ version: "1.23", monitorList: [{ id: 1, name: "Shop", type: "keyword", keyword: "hi", url: "https://shop.example/", interval: 60, headers: '{"X-Key":"abc"}' }, { id: 2, name: "Ping", type: "ping" }] });

  test("show what they would add and what not, then add it with its secrets", async () => {
    const name = file("kuma.json", backup);
    expect((await run(["import", "uptime-kuma", name])).lines).toEqual(["Ping: checks of type ping do not exist here", "+ service shop", "+ check shop / Health", "2 changes to make. Nothing was done yet; run it with --yes to carry it out."]);
    expect((await run(["import", "uptime-kuma", name, "--yes"])).exitCode).toBe(0);
    expect((await run(["import", "uptime-kuma", name, "--yes"])).lines.at(-1)).toBe("Nothing to change.");
    expect((await run(["import", "uptime-kuma", name, "--print"])).lines.join("\n")).toContain("value: ${KUMA_SECRET_1}");
  });

  test("bring heartbeats along with the address that their jobs call", async () => {
    const uuid = "0f1e2d3c-1111-4222-8333-444455556666";
    const name = file("checks.json", JSON.stringify({ checks: [{ name: "Dump", timeout: 86_400, grace: 3_600, uuid }, { name: "Mail", schedule: "0 7 * * 1", tz: "Europe/Riga", grace: 600 }] }));
    expect((await run(["import", "healthchecks", name, "--yes"])).lines.at(-1)).toBe("4 changes done.");
    expect((await run(["import", "healthchecks", name])).lines).toEqual(["Nothing to change."]);
    expect(await database.db.heartbeat.count({ where: { pingId: uuid } })).toBe(1);
    expect(await database.db.heartbeat.count()).toBe(2);
  });

  test("of a spreadsheet show each line, refuse what cannot be taken, and are carried out whole", async () => {
    writeFileSync(path.join(folder, "fleet.csv"), "name;owner;tier;note\nAtlas;Maps;1;x\nBroken;;9;x\n");
    expect((await run(["import", "csv", "fleet.csv"])).lines).toEqual([
      "Columns that are no field of a service: note.",
      "+ service atlas (line 2)",
      "! service broken (line 3)",
      "    tier: Use 1, 2 or 3",
      "1 to add, 0 to change, 0 as they are, 1 with problems.",
      "Nothing was done yet; run it with --yes to carry it out.",
    ]);
    const refused = await run(["import", "csv", "fleet.csv", "--yes"]);
    expect([refused.exitCode, refused.lines.join()]).toEqual([1, expect.stringContaining("leave them out with --skip-problems")]);
    expect((await run(["import", "csv", "fleet.csv", "--yes", "--skip-problems"])).lines.at(-1)).toBe("1 added, 0 changed.");
    expect((await run(["import", "csv", "fleet.csv"])).lines).toContain("0 to add, 0 to change, 1 as they are, 1 with problems.");
  });

  test.each([
    [["import", "nagios", "kuma.json"], "nagios is not a format."],
    [["import", "gatus", "kuma.json"], "This is no configuration of Gatus"],
    [["import", "gatus", "missing.yaml"], "missing.yaml does not exist."],
    [["import", "gatus", "."], ". is not a file."],
  ])("%j is refused", async (line, wanted) => {
    file("kuma.json", backup);
    const answer = await run(line);
    expect(answer).toMatchObject({ exitCode: 2 });
    expect(answer.lines[0]).toContain(wanted);
  });
});

describe("services", () => {
  test("are added, listed and found by filter", async () => {
    const added = await run(["services", "add", "https://blog.example/health", "--owner", "web", "--environment", "staging"]);
    expect(added.lines).toEqual([`Added blog.example as blog-example: ${server.origin}/services/blog-example`]);
    expect((await run(["services", "list", "--filter", "env:staging"])).lines[0]).toMatch(/^unknown +blog-example +no facts {2}\S/);
    expect((await run(["services", "list", "--filter", "env:nowhere"])).lines).toEqual(["No service matches."]);
  });

  test("a check that runs tells what it found", async () => {
    const service = await database.db.service.findUniqueOrThrow({ where: { slug: "blog-example" } });
    const running = run(["services", "check", "blog-example"]);
    await expect.poll(() => database.db.auditEntry.count({ where: { action: "services.runChecks", targetId: service.id } }), { timeout: 10_000 }).toBe(1);
    await database.db.check.updateMany({ where: { serviceId: service.id }, data: { lastResultAt: new Date(Date.now() + 1_000), lastVerdict: "down", lastMessage: "refused" } });
    expect(await running).toMatchObject({ exitCode: 1, lines: [expect.stringMatching(/^down .*refused$/)] });
  });
});

describe("keys", () => {
  test("login keeps what works and refuses what does not", async () => {
    const signedIn = await answerLine(["login", "--url", server.origin], { XDG_CONFIG_HOME: folder, SEAWORTHY_API_KEY: keys.admin.plain }, folder);
    expect(signedIn.lines[0]).toMatch(/^Signed in to http:.* as key_1 \(admin\)\. Kept in /);
    expect(JSON.stringify(signedIn)).not.toContain(keys.admin.plain);
    expect((await answerLine(["services", "list"], { XDG_CONFIG_HOME: folder }, folder)).exitCode).toBe(0);
    expect((await answerLine(["login", "--url", server.origin], { XDG_CONFIG_HOME: folder, SEAWORTHY_API_KEY: "sw_wrong" }, folder)).exitCode).toBe(3);
  });

  test.each([["revoked", ["services", "list"]], ["reader", ["services", "add", "https://x.example"]]] as const)("a %s key is refused with its own exit code", async (as, line) => {
    expect(await run([...line], { as })).toMatchObject({ exitCode: 3 });
  });

  test("the doctor finds what is wrong, step by step", async () => {
    const marks = async (as: Who) => ((await run(["doctor"], { as })).output as { findings: { step: string; state: string }[] }).findings.filter(({ step }) => step !== "commit").map(({ step, state }) => `${step} ${state}`);
    expect(await marks("admin")).toEqual(["address ok", "name ok", "reach ok", "ready ok", "key ok", "push ok"]);
    expect(await marks("reader")).toEqual(["address ok", "name ok", "reach ok", "ready ok", "key ok", "push warning"]);
    expect(await marks("revoked")).toEqual(["address ok", "name ok", "reach ok", "ready ok", "key problem"]);
    expect((await run(["doctor", "--url", "http://127.0.0.1:9"])).lines.at(-2)).toMatch(/✗ reach .*does not answer/);
  });
});
