/** A file of services: shown first, then taken whole or not at all. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../../platform/context.ts";
import { forgetAudit } from "../../platform/testing/audit.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { createCaller } from "../../root.ts";
import { addService } from "../testing/fixtures.ts";

const database = testDatabase();
let ctx: Context;
let services: ReturnType<typeof createCaller>["services"];
let round = 0;
const FILE = "name,owner,tier,address\nShop,Payments,1,https://shop.example/health\nLedger,Payments,1,https://ledger.example/health\nQuiet,,,\n";
const names = async () => (await database.db.service.findMany({ orderBy: { slug: "asc" } })).map(({ name, owner, tier }) => `${name}/${owner}/${tier}`);

beforeEach(async () => {
  await database.db.service.deleteMany();
  await forgetAudit(database.pool);
  round += 1;
  ctx = testContext({ db: database.db, actor: { ...asActor("editor"), id: `usr_import_${round}` } as Context["actor"] });
  ({ services } = createCaller(ctx));
});

describe("the preview", () => {
  test("tells what each line would do and changes nothing", async () => {
    await addService(ctx, { name: "Shop", address: "https://shop.example/health" });
    const preview = await services.previewImport({ csv: FILE });
    expect(preview.counts).toEqual({ created: 2, changed: 1, same: 0, problems: 0 });
    expect(preview.lines[0]).toMatchObject({ line: 2, slug: "shop", action: "change", changes: [{ field: "tier", from: "2", to: "1" }, { field: "owner", from: "", to: "Payments" }] });
    expect(await database.db.service.count()).toBe(1);
  });
  test("is not for viewers", async () => expect(createCaller(testContext({ db: database.db, actor: asActor("viewer") })).services.previewImport({ csv: FILE })).rejects.toMatchObject({ code: "FORBIDDEN" }));
});

describe("the import", () => {
  test("adds and changes, with first checks that are due and an audit row each; again it changes nothing", async () => {
    await addService(ctx, { name: "Shop", address: "https://shop.example/old" });
    const { counts } = await services.importServices({ csv: FILE, expected: { created: 2, changed: 1 } });
    expect(counts).toMatchObject({ created: 2, changed: 1 });
    expect(await names()).toEqual(["Ledger/Payments/1", "Quiet//2", "Shop/Payments/1"]);
    const checks = await database.db.check.findMany({ include: { service: true }, orderBy: { name: "asc" } });
    expect(checks.map(({ name, nextDueAt, service }) => [service.slug, name, nextDueAt !== null])).toEqual([
      ["ledger", "ledger.example/health", true],
      ["shop", "shop.example/health", true],
      ["shop", "shop.example/old", true],
    ]);
    const trail = await database.db.auditEntry.findMany({ where: { action: "services.import" }, orderBy: { id: "asc" } });
    expect(trail.map(({ summary }) => summary)).toEqual(["Added Ledger from a file", "Added Quiet from a file", "Changed Shop from a file"]);
    expect(trail[2]).toMatchObject({ before: { tier: 2, owner: "" }, after: { tier: 1, owner: "Payments", address: "https://shop.example/health" } });
    expect((await services.importServices({ csv: FILE })).counts).toEqual({ created: 0, changed: 0, same: 3, problems: 0 });
    expect(await database.db.auditEntry.count({ where: { action: "services.import" } })).toBe(3);
  });

  test("takes nothing when a line has a problem, and the rest when such lines are left out", async () => {
    const csv = `${FILE}Bad,,9,\n`;
    await expect(services.importServices({ csv })).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringMatching(/Nothing was imported. Line 5: tier/) as string });
    expect(await database.db.service.count()).toBe(0);
    expect((await services.importServices({ csv, leavesOutProblems: true })).counts).toMatchObject({ created: 3, problems: 1 });
    expect(await database.db.service.count()).toBe(3);
  });

  test("takes nothing when the registry is no longer as it was shown", async () => {
    await addService(ctx, { name: "Shop" });
    await expect(services.importServices({ csv: FILE, expected: { created: 3, changed: 0 } })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await names()).toEqual(["Shop//2"]);
  });

  test("a fleet of two thousand is one transaction", async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => `Service ${n},Team ${n % 7},https://s${n}.example/health`);
    const { counts } = await services.importServices({ csv: `name,owner,address\n${rows.join("\n")}` });
    expect(counts.created).toBe(2_000);
    expect([await database.db.check.count(), await database.db.auditEntry.count()]).toEqual([2_000, 2_000]);
  });

  test("is not for viewers", async () => expect(createCaller(testContext({ db: database.db, actor: asActor("viewer") })).services.importServices({ csv: FILE })).rejects.toMatchObject({ code: "FORBIDDEN" }));
});
