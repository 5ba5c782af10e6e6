/** An operation on thousands of jobs whose worker is killed half-way, again and again. */
import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { environment } from "../platform/config.ts";
import { defineJob } from "../platform/queue/define.ts";
import { testContext, testDatabase } from "../platform/testing/database.ts";
import { startBulk } from "./mutations/index.ts";
import { StartBulk } from "./schema/index.ts";
import { addFailures, addQueue } from "./testing/own-queue.ts";

const JOBS = 12_000;
const LONG = { timeout: 60_000, interval: 25 };
const database = testDatabase();
const job = defineJob({ name: "tests.mail", input: z.looseObject({}) });
const children: ChildProcess[] = [];

function startWorker(): ChildProcess {
  const child = fork(path.join(import.meta.dirname, "../worker.ts"), { env: { ...environment(), DATABASE_URL: database.url }, stdio: "ignore", execArgv: [] });
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
});

test("killed half-way twice, it resumes and every job is retried exactly once", async () => {
  const ctx = testContext({ db: database.db });
  await addQueue(ctx, job, {});
  await addFailures(database.pool, job.name, { count: JOBS });
  // Counts how often each job comes back into line, on the database's side.
  await database.pool.query(`
    CREATE TABLE came_back (id uuid);
    CREATE FUNCTION note_return() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO came_back VALUES (NEW.id); RETURN NEW; END $$;
    CREATE TRIGGER note_return AFTER UPDATE ON pgboss.job_common FOR EACH ROW WHEN (OLD.state = 'failed' AND NEW.state = 'created') EXECUTE FUNCTION note_return()`);
  const { id } = await startBulk(ctx, StartBulk.parse({ connection: "own", queue: job.name, operation: "retry", state: "failed", perSecond: 6_000 }));
  const reached = async () => (await database.db.queueOperation.findUniqueOrThrow({ where: { id } })).reached;
  for (const mark of [1, JOBS / 4]) {
    const worker = startWorker();
    await expect.poll(reached, LONG).toBeGreaterThanOrEqual(mark);
    await kill(worker);
    expect(await reached()).toBeLessThan(JOBS);
    // That a killed worker's job is rescued after its silence has a test of its own; here nobody waits for it.
    await database.pool.query("UPDATE pgboss.job SET state = 'retry', start_after = now() WHERE name = 'queues.bulk' AND state = 'active'");
  }
  startWorker();
  await expect.poll(async () => (await database.db.queueOperation.findUniqueOrThrow({ where: { id } })).status, LONG).toBe("done");
  expect(await database.db.queueOperation.findUniqueOrThrow({ where: { id } })).toMatchObject({ reached: JOBS, done: JOBS, failures: 0 });
  const returns = await database.pool.query<{ jobs: number; times: number }>("SELECT count(DISTINCT id)::int AS jobs, count(*)::int AS times FROM came_back");
  expect(returns.rows).toEqual([{ jobs: JOBS, times: JOBS }]);
});
