/**
 * Brings the queue's tables to this version and its queues to what the code declares. Idempotent, and safe when
 * several processes do it at once (pg-boss holds an advisory lock).
 */
import type { PgBoss } from "pg-boss";
import type { JobDefinition } from "./define.ts";
import { DEAD_LETTER_OPTIONS, DEAD_LETTERS, QUEUE_SCHEMA, queueOptions, toBossPriority, type QueueTiming } from "./policy.ts";

/**
 * Indexes of ours beside pg-boss's own, each partial and in the order of a list: a job's dead letter is found by the job,
 * and what ended, waits, runs or died is read a page at a time however many jobs are kept.
 */
const INDEXES = [
  `CREATE INDEX IF NOT EXISTS seaworthy_job_source ON ${QUEUE_SCHEMA}.job_common (source_id) WHERE source_id IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS seaworthy_job_ended ON ${QUEUE_SCHEMA}.job_common (name, state, completed_on, id) WHERE completed_on IS NOT NULL`,
  `CREATE INDEX IF NOT EXISTS seaworthy_job_open ON ${QUEUE_SCHEMA}.job_common (name, start_after, id) WHERE state < 'active'`,
  `CREATE INDEX IF NOT EXISTS seaworthy_job_active ON ${QUEUE_SCHEMA}.job_common (name, started_on, id) WHERE state = 'active'`,
  `CREATE INDEX IF NOT EXISTS seaworthy_job_letter ON ${QUEUE_SCHEMA}.job_common (source_name, created_on, id) WHERE source_name IS NOT NULL AND state < 'active'`,
];

/** Two: one works while the other holds the migration lock. */
const INSTALL_CONNECTIONS = 2;

/** Creates or migrates the schema `pgboss` in the database at `url`. Part of migrating, before any process starts. */
export async function installQueue(url: string): Promise<void> {
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({ connectionString: url, schema: QUEUE_SCHEMA, max: INSTALL_CONNECTIONS, supervise: false, schedule: false, application_name: "seaworthy-install" });
  let trouble: unknown = null;
  boss.on("error", (error) => (trouble = error));
  try {
    await boss.start();
    await boss.createQueue(DEAD_LETTERS, DEAD_LETTER_OPTIONS);
    for (const index of INDEXES) await boss.getDb().executeSql(index);
    await watchAttempts(url);
  } finally {
    await boss.stop({ graceful: false });
  }
  if (trouble) throw trouble;
}

/** pg-boss writes a job anew when an attempt at it failed, whoever found out. The WHEN keeps other inserts free of cost. */
async function watchAttempts(url: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, application_name: "seaworthy-install" });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>("SELECT 1 FROM pg_trigger WHERE tgname = 'note_queue_attempt' AND tgrelid = 'pgboss.job'::regclass");
    if (rows.length > 0) return;
    await client.query(
      `CREATE OR REPLACE TRIGGER note_queue_attempt BEFORE INSERT ON pgboss.job FOR EACH ROW
       WHEN (NEW.state IN ('retry', 'failed') AND NEW.output IS NOT NULL) EXECUTE FUNCTION series.note_queue_attempt()`,
    );
  } finally {
    await client.end();
  }
}

/** Creates the queues that are missing and gives the others the settings that the code declares now. */
export async function ensureQueues(boss: PgBoss, definitions: JobDefinition[], timing: QueueTiming): Promise<void> {
  await boss.createQueue(DEAD_LETTERS, DEAD_LETTER_OPTIONS);
  for (const definition of definitions) {
    const options = queueOptions(definition, timing);
    await boss.createQueue(definition.name, options);
    const { policy: _fixed, ...changeable } = options;
    await boss.updateQueue(definition.name, changeable);
  }
}

/**
 * Makes the clock match the declarations: declared lines are written, all others removed. Any number of workers may
 * keep the clock; pg-boss files each occurrence under a unique slot, so one job comes of it. An occurrence missed
 * while nothing ran is made up for once.
 */
export async function ensureSchedules(boss: PgBoss, definitions: JobDefinition[]): Promise<void> {
  const declared = new Set<string>();
  for (const definition of definitions) {
    const { name, cron, priority = "normal" } = definition;
    if (!cron) continue;
    declared.add(name);
    definition.input.parse(cron.input);
    await boss.schedule(name, cron.line, cron.input as object, { tz: cron.zone ?? "UTC", missed: "once", priority: toBossPriority(priority) });
  }
  for (const schedule of await boss.getSchedules()) {
    if (!declared.has(schedule.name)) await boss.unschedule(schedule.name, schedule.key);
  }
}
