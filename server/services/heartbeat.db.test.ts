import { beforeAll, expect, test } from "vitest";
import { asActor, testContext, testDatabase } from "../platform/testing/database.ts";
import { testServer } from "../platform/testing/http.ts";
import { ping } from "../ping-endpoint.ts";
import { addCheck, createService, updateCheck, pauseCheck } from "./mutations/index.ts";
import { CheckConfig, CreateService } from "./schema.ts";
import { probeWorld } from "./world.ts";
import { runProbe } from "./probes/probe.ts";

const database = testDatabase();
const server = testServer(database, { "/ping": ping });
const ctx = () => testContext({ db: database.db, actor: asActor("editor"), now: () => new Date() });
const rules = { intervalSeconds: 60, timeoutMs: 5_000, failuresBeforeDown: 1, successesBeforeUp: 1 };
const hourly = CheckConfig.parse({ kind: "heartbeat", periodSeconds: 3_600, graceSeconds: 600 });

let address = "";
let checkId = "";

beforeAll(async () => {
  const service = await createService(ctx(), CreateService.parse({ name: "Nightly" }));
  const check = await addCheck(ctx(), { id: service.id, name: "Dump", config: hourly, ...rules });
  checkId = check.id;
  address = `${server.origin}/ping/${(check.config as { pingId: string }).pingId}`;
});

const read = async () => runProbe(probeWorld(ctx()), CheckConfig.parse((await database.db.check.findUniqueOrThrow({ where: { id: checkId } })).config), { timeoutMs: 1_000 });
const row = () => database.db.heartbeat.findUniqueOrThrow({ where: { checkId } });
const send = async (tail = "", init: RequestInit = {}) => {
  const answer = await fetch(address + tail, init);
  return `${answer.status} ${await answer.text()}`;
};

test("a ping by any method is heard, kept and makes the check due", async () => {
  await database.pool.query("UPDATE service_check SET next_due_at = now() + interval '1 hour' WHERE id = $1", [checkId]);
  expect(await read()).toMatchObject({ verdict: "unknown", message: "waiting for the first ping" });
  expect(await send()).toBe("200 OK");
  expect(await send("", { method: "POST", body: "all good" })).toBe("200 OK");
  expect(await send("", { method: "HEAD" })).toBe("200 ");
  expect(await row()).toMatchObject({ pings: 3, lastKind: "success" });
  const { rows } = await database.pool.query<{ due: boolean }>("SELECT next_due_at <= now() AS due FROM service_check WHERE id = $1", [checkId]);
  expect(rows).toEqual([{ due: true }]);
  expect(await read()).toMatchObject({ verdict: "up" });
});

test("start and end measure the run; an exit code other than 0 is a failure with its note", async () => {
  expect(await send("/start?rid=a")).toBe("200 OK");
  expect((await row()).startedAt).not.toBeNull();
  expect(await send("/0?rid=a")).toBe("200 OK");
  const done = await row();
  expect(done.startedAt).toBeNull();
  expect(done.lastRunMs).toBeGreaterThanOrEqual(0);
  expect(await send("/3", { method: "POST", body: "disk full" })).toBe("200 OK");
  expect((await row()).lastNote).toBe("exit code 3, disk full");
  expect(await send("/log", { method: "POST", body: "noise" })).toBe("200 OK");
  expect((await row()).lastNote).toBe("exit code 3, disk full");
});

test("a hundred pings at once all count", async () => {
  const before = (await row()).pings;
  const answers = await Promise.all(Array.from({ length: 100 }, () => send()));
  const heard = answers.filter((answer) => answer === "200 OK").length;
  expect(answers.every((answer) => answer === "200 OK" || answer.startsWith("429") || answer.startsWith("503"))).toBe(true);
  expect((await row()).pings).toBe(before + heard);
});

test.each(["/ping/00000000-0000-4000-8000-000000000000", "/ping/nonsense", "/ping/", "/ping/%2e%2e%2fhealth"])("%s is not found and tells nothing", async (path) => {
  const answer = await fetch(server.origin + path);
  expect([400, 404, 429]).toContain(answer.status);
  expect(await answer.text()).not.toContain("Nightly");
});

test("an endless body is read only as far as it is kept", async () => {
  const body = new Blob(["y".repeat(3_000_000)]);
  const answer = await fetch(`${address}/fail`, { method: "POST", body }).then((response) => response.status, () => "cut");
  expect([200, 413, 429, "cut"]).toContain(answer);
  expect((await row()).lastNote.length).toBeLessThanOrEqual(520);
});

test("an edit keeps the address; two checks cannot share one", async () => {
  const check = await database.db.check.findUniqueOrThrow({ where: { id: checkId } });
  const pingId = address.slice(-36);
  const edited = await updateCheck(ctx(), { id: checkId, revision: check.revision, config: CheckConfig.parse({ kind: "heartbeat", schedule: "0 2 * * *", pingId: crypto.randomUUID() }) });
  expect(edited.config).toMatchObject({ pingId, schedule: "0 2 * * *" });
  const config = CheckConfig.parse({ kind: "heartbeat", periodSeconds: 60, pingId });
  await expect(addCheck(ctx(), { id: check.serviceId, name: "Twin", config, ...rules })).rejects.toMatchObject({ code: "conflict" });
});

test("a paused check hears pings but stays off the schedule", async () => {
  await pauseCheck(ctx(), { id: checkId });
  await expect.poll(() => send(), { timeout: 15_000 }).toBe("200 OK");
  expect((await database.db.check.findUniqueOrThrow({ where: { id: checkId } })).nextDueAt).toBeNull();
});
