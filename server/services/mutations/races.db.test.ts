/** Changes of one service that arrive together with each other and with results: each is done, none fails by a deadlock. */
import { beforeEach, expect, test } from "vitest";
import { asActor, testContext, testDatabase } from "../../platform/testing/database.ts";
import { ensurePartitions } from "../engine/partitions.ts";
import { claimDue, databaseTime } from "../engine/claim.ts";
import { finish, record } from "../engine/record.ts";
import { getService } from "../queries/index.ts";
import { AddCheck } from "../schema.ts";
import { addService } from "../testing/fixtures.ts";
import { addCheck, archiveService, pauseCheck, removeCheck, restoreService, resumeCheck, updateCheck } from "./index.ts";

const database = testDatabase();
const HOUR = 3_600_000;
const CHECKS = 12;
const ROUNDS = 6;
const world = () => testContext({ db: database.db, actor: asActor("editor") });
const httpCheck = (id: string, index: number) => AddCheck.parse({ id, name: `Check ${index}`, config: { kind: "http", url: `http://target.test/${index}` } });
const failuresOf = (settled: PromiseSettledResult<unknown>[]) => settled.flatMap((one) => (one.status === "rejected" && (one.reason as { code?: string }).code !== "conflict" ? [String(one.reason)] : []));

beforeEach(async () => {
  await database.db.service.deleteMany();
  await ensurePartitions(world(), { from: new Date(Date.now() - HOUR), to: new Date(Date.now() + HOUR) });
});

/** Records one finding for everything that is due, as a worker would. */
async function runDue(verdict: "up" | "down"): Promise<void> {
  const ctx = testContext({ db: database.db, actor: asActor("system") });
  const claimed = await claimDue(ctx, CHECKS);
  const reading = { verdict, latencyMs: 5, message: verdict, components: [] };
  await record(ctx, claimed.map((check) => finish({ check, reading, observedAt: databaseTime(check), nextDueAt: databaseTime(check), startLagMs: 0 })).toReversed());
}

test("checks of one service are added, changed, paused, resumed and removed together, while results come in (SRV-001)", async () => {
  const ctx = world();
  const service = await addService(ctx);
  const added = await Promise.allSettled(Array.from({ length: CHECKS }, (_, index) => addCheck(world(), httpCheck(service.id, index))));
  expect(failuresOf(added)).toEqual([]);
  for (let round = 0; round < ROUNDS; round++) {
    const { checks } = await getService(ctx, { id: service.id });
    const work = checks.map(({ id, revision }, index) =>
      index % 3 === 0 ? pauseCheck(world(), { id }).then(() => resumeCheck(world(), { id })) : updateCheck(world(), { id, revision, config: { ...httpCheck(id, index).config }, name: `Round ${round} check ${index}` }),
    );
    const results = Array.from({ length: 4 }, (_, index) => runDue(index % 2 === 0 ? "down" : "up"));
    expect(failuresOf(await Promise.allSettled([...work, ...results, archiveService(world(), { id: service.id }).then(() => restoreService(world(), { id: service.id }))]))).toEqual([]);
  }
  const { checks } = await getService(ctx, { id: service.id });
  expect(failuresOf(await Promise.allSettled([...checks.map(({ id }) => removeCheck(world(), { id })), runDue("down")]))).toEqual([]);
  expect((await getService(ctx, { id: service.id })).checks).toEqual([]);
});
