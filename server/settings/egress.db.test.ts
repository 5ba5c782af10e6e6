import { beforeEach, describe, expect, test } from "vitest";
import { config } from "../platform/config.ts";
import { grantedNow, refreshGrants } from "../platform/http/egress-grants.ts";
import { createOutbound } from "../platform/http/guarded.ts";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { createCallerFactory } from "../platform/trpc.ts";
import { settingsRouter } from "./router.ts";

const database = testDatabase();
const names: Record<string, string> = { "db.internal": "10.0.0.5", "api.example": "93.184.215.14", "meta.example": "169.254.169.254" };
/** The process's own client, with names that resolve as the test says. */
const http = () =>
  createOutbound({
    own: [{ host: "localhost", port: 5_432 }],
    granted: grantedNow,
    lookup: async (host) => {
      const address = names[host];
      if (!address) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
      return [{ address, family: 4 }];
    },
  });
const call = (actor: "admin" | "editor" = "admin") => createCallerFactory(settingsRouter)(testContext({ db: database.db, actor: asActor(actor), http: http() }));
const verdict = async (address: string) => (await call().testAddress({ address })).verdict;

beforeEach(async () => {
  Object.assign(globalThis, { seaworthyDatabase: { client: database.db, pool: database.pool, close: () => Promise.resolve() } });
  await database.db.setting.deleteMany();
  await refreshGrants(database.db);
});

describe("where guarded calls may go", () => {
  test("an admin's list counts at once, is audited, and removing takes it back", async () => {
    expect(await verdict("http://10.0.0.5/")).toBe("blocked");
    const saved = await call().updateEgress({ revision: 0, granted: ["10.0.0.0/8", "10.0.0.0/8", "printer.internal:9100"] });
    expect(saved).toMatchObject({ revision: 1, granted: ["10.0.0.0/8", "printer.internal:9100"], isLocked: false, updatedBy: "Test admin" });
    expect(await verdict("http://10.0.0.5/")).toBe("allowed");
    expect(await verdict("db.internal:5432")).toBe("allowed");
    expect(await verdict("http://192.168.0.1/")).toBe("blocked");
    expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
      action: "settings.updateEgress",
      actorLabel: "Test admin",
      summary: "Allowed calls to 10.0.0.0/8, printer.internal:9100",
      before: { granted: [] },
      after: { granted: ["10.0.0.0/8", "printer.internal:9100"] },
    });
    await call().updateEgress({ revision: 1, granted: [] });
    expect(await verdict("http://10.0.0.5/")).toBe("blocked");
  });

  test("another process follows within seconds", async () => {
    await database.db.setting.create({ data: { key: "settings.egress", value: { revision: 3, granted: ["10.0.0.5"] }, updatedAt: new Date(), updatedBy: "elsewhere" } });
    await expect.poll(() => verdict("10.0.0.5:80"), { timeout: 5_000, interval: 200 }).toBe("allowed");
  });

  test.each(["169.254.169.254", "169.254.169.254:80", "[fd00:ec2::254]", "100.100.100.200/32", "168.63.129.16", "[::ffff:169.254.169.254]", "0.0.0.0/0", "::/0", "8.0.0.0/5", "not an entry", "http://10.0.0.5/", "10.0.0.0/33", "10.0.0.5:0"])(
    "%s is refused and the list stays",
    async (entry) => {
      await expect(call().updateEgress({ revision: 0, granted: ["10.0.0.5", entry] })).rejects.toMatchObject({ code: "BAD_REQUEST" });
      expect(await call().egress({})).toMatchObject({ revision: 0, granted: [] });
    },
  );

  test("metadata and the console's own database stay closed inside allowed networks, however they are spelled", async () => {
    await call().updateEgress({ revision: 0, granted: ["169.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "fd00::/8", "meta.example", "[::1]"] });
    for (const address of ["http://169.254.169.254/", "http://2852039166/", "[fd00:ec2::254]:80", "http://[::ffff:a9fe:a9fe]/", "100.100.100.200:80", "http://meta.example/"]) expect(await verdict(address), address).toBe("blocked");
    expect(await verdict("127.0.0.1:5432"), "its own database").toBe("blocked");
    expect(await verdict("[::1]:5432"), "its own database").toBe("blocked");
    expect(await verdict("127.0.0.1:8080")).toBe("allowed");
    expect(await verdict("169.1.2.3:80")).toBe("allowed");
  });

  test("of two who save from one revision, one wins", async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => call().updateEgress({ revision: 0, granted: [`10.0.0.${n}`] })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "CONFLICT" } });
  });

  test("EGRESS_LOCKED refuses edits and says so", async () => {
    const values = config();
    values.EGRESS_LOCKED = true;
    try {
      expect(await call().egress({})).toMatchObject({ isLocked: true });
      await expect(call().updateEgress({ revision: 0, granted: [] })).rejects.toMatchObject({ code: "PRECONDITION_FAILED", message: expect.stringContaining("EGRESS_LOCKED") });
    } finally {
      values.EGRESS_LOCKED = false;
    }
  });

  test("is an admin's to see, change and try", async () => {
    await expect(call("editor").egress({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(call("editor").updateEgress({ revision: 0, granted: [] })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(call("editor").testAddress({ address: "10.0.0.5" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test.each([
    { address: "https://api.example/health", is: { verdict: "allowed", host: "api.example", port: 443, address: "93.184.215.14" } },
    { address: "api.example:8443", is: { verdict: "allowed", port: 8_443 } },
    { address: "redis://api.example", is: { verdict: "allowed", port: 6_379 } },
    { address: "postgresql://u:p@api.example/db", is: { verdict: "allowed", port: 5_432 } },
    { address: "http://u:p@api.example/", is: { verdict: "blocked", reason: expect.stringContaining("credentials") } },
    { address: "http://api.example:25/", is: { verdict: "blocked", reason: expect.stringContaining("port 25") } },
    { address: "gone.example", is: { verdict: "unresolved", reason: "gone.example does not resolve" } },
    { address: "::1", is: { verdict: "blocked", host: "::1" } },
    { address: "[fe80::1%25eth0]:80", is: { verdict: "unreadable" } },
    { address: "a b c", is: { verdict: "unreadable" } },
  ])("the test tool says of $address: $is.verdict", async ({ address, is }) => {
    expect(await call().testAddress({ address })).toMatchObject(is);
  });
});

describe("the cache", () => {
  test("is purged by an admin, with an audit row", async () => {
    expect(await call("editor").cache({})).toMatchObject({ ttlSeconds: 300, maxItems: 1_000 });
    await expect(call("editor").purgeCache({})).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await call().purgeCache({})).toEqual({ dropped: expect.any(Number) });
    expect(await database.db.auditEntry.findFirst({ orderBy: { id: "desc" } })).toMatchObject({ action: "settings.purgeCache" });
  });
});
