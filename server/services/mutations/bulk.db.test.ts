/** Acts on many services: what is shown is what is done, once, also when a worker dies on the way. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../../platform/context.ts";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { createCaller } from "../../root.ts";
import { addService } from "../testing/fixtures.ts";
import { ensureSelf, runBulk } from "./index.ts";

const database = testDatabase();
let ctx: Context;
let services: ReturnType<typeof createCaller>["services"];
const worker = (signal?: AbortSignal) => testContext({ db: database.db, actor: asActor("system"), signal });
const pausedOf = (name: string) => database.db.check.count({ where: { service: { name }, pausedAt: { not: null } } });
let round = 0;

beforeEach(async () => {
  await database.db.serviceBulk.deleteMany();
  await database.db.service.deleteMany();
  round += 1;
  ctx = testContext({ db: database.db, actor: { ...asActor("editor"), id: `usr_bulk_${round}` } as Context["actor"] });
  ({ services } = createCaller(ctx));
  for (let index = 0; index < 6; index++) await addService(ctx, { name: `Service ${index}`, tags: index < 4 ? ["pci"] : [] });
});

describe("the preview", () => {
  test("counts what an act would change and says why the rest stays", async () => {
    await ensureSelf(worker());
    expect(await services.previewBulk({ action: "archive", filter: "" })).toMatchObject({ matching: 7, affected: 6, skipped: [{ reason: "the console itself", count: 1 }] });
    expect(await services.previewBulk({ action: "addTags", tags: ["PCI"], filter: "" })).toMatchObject({ affected: 3, skipped: [{ reason: "has the tags already", count: 4 }] });
    expect(await services.previewBulk({ action: "pause", filter: "tag:pci" })).toMatchObject({ matching: 4, affected: 4 });
    expect(await services.previewBulk({ action: "resume", ids: [] })).toMatchObject({ matching: 0, affected: 0 });
  });

  test.each([
    ["neither ids nor filter", {}],
    ["both", { ids: ["svc_1"], filter: "" }],
  ])("needs one choice: %s", async (_name, choice) => {
    await expect(services.previewBulk({ action: "pause", ...choice })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  });
  test("needs tags for acts on tags", async () => expect(services.previewBulk({ action: "addTags", filter: "" })).rejects.toMatchObject({ code: "BAD_REQUEST" }));
  test("is not for viewers", async () => expect(createCaller(testContext({ db: database.db, actor: asActor("viewer") })).services.previewBulk({ action: "pause", filter: "" })).rejects.toMatchObject({ code: "FORBIDDEN" }));
});

describe("an act", () => {
  test("does to all that match what was shown, with an audit row each in the name of whoever began it", async () => {
    const started = await services.startBulk({ action: "pause", filter: "tag:pci", expected: 4 });
    expect(started).toMatchObject({ state: "queued", total: 4, position: 0 });
    await runBulk(worker(), { bulkId: started.id });
    expect(await services.bulk({ id: started.id })).toMatchObject({ state: "done", position: 4, changed: 4, problems: [] });
    expect([await pausedOf("Service 0"), await pausedOf("Service 5")]).toEqual([1, 0]);
    expect(await database.db.auditEntry.count({ where: { action: "services.pause", actorLabel: "Test editor (many services)" } })).toBe(4);
    const back = await services.startBulk({ action: "resume", filter: "", expected: 4 });
    await runBulk(worker(), { bulkId: back.id });
    expect(await pausedOf("Service 0")).toBe(0);
  });

  test("does not begin when another number would change by now", async () => {
    await expect(services.startBulk({ action: "archive", filter: "", expected: 5 })).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("6 services would change now, you saw 5") });
    await expect(services.startBulk({ action: "restore", filter: "", expected: 0 })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    expect(await database.db.serviceBulk.count()).toBe(0);
  });

  test("adds and takes tags, archives and restores", async () => {
    const act = async (action: "addTags" | "removeTags" | "archive" | "restore", filter: string, tags: string[] = []) => {
      const { id } = await services.startBulk({ action, filter, expected: 6, tags });
      await runBulk(worker(), { bulkId: id });
      return services.bulk({ id });
    };
    expect(await act("addTags", "", ["eu", "pci"])).toMatchObject({ changed: 6 });
    expect(await act("removeTags", "", ["pci"])).toMatchObject({ changed: 6 });
    expect((await services.list({ filter: "tag:eu" })).items).toHaveLength(6);
    expect(await services.get({ id: "service-0" })).toMatchObject({ revision: 3, updatedBy: "Test editor (many services)" });
    expect(await act("archive", "tag:eu")).toMatchObject({ changed: 6 });
    expect((await services.list({})).items).toHaveLength(0);
    expect(await act("restore", "is:archived")).toMatchObject({ changed: 6 });
  });

  test("goes on where a dead worker stopped and changes nothing twice, also with two workers at once", async () => {
    const { id } = await services.startBulk({ action: "pause", filter: "", expected: 6 });
    let steps = 0;
    // A worker that is killed before its third step.
    const dying = worker({ throwIfAborted: () => { if (++steps > 2) throw new Error("killed"); } } as AbortSignal);
    await expect(runBulk(dying, { bulkId: id })).rejects.toThrow("killed");
    expect(await services.bulk({ id })).toMatchObject({ state: "running", position: 2 });
    await Promise.all([runBulk(worker(), { bulkId: id }), runBulk(worker(), { bulkId: id })]);
    expect(await services.bulk({ id })).toMatchObject({ state: "done", position: 6, changed: 6, problems: [] });
  });

  test("passes over what became impossible meanwhile, with the reason", async () => {
    const { id } = await services.startBulk({ action: "pause", filter: "", expected: 6 });
    const one = (await services.list({ filter: "service" })).items[0];
    const check = await database.db.check.findFirstOrThrow({ where: { serviceId: one?.id } });
    await services.pauseCheck({ id: check.id });
    await runBulk(worker(), { bulkId: id });
    expect(await services.bulk({ id })).toMatchObject({ state: "done", position: 6, changed: 5, problems: [{ name: one?.name, problem: expect.stringContaining("paused already") }] });
  });

  test("stops when it is cancelled, and is not cancelled twice", async () => {
    const { id } = await services.startBulk({ action: "archive", filter: "", expected: 6 });
    expect(await services.cancelBulk({ id })).toMatchObject({ state: "cancelled" });
    await runBulk(worker(), { bulkId: id });
    expect((await services.list({})).items).toHaveLength(6);
    await expect(services.cancelBulk({ id })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(services.bulk({ id: "blk_none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
