/**
 * A worker of backups as a process of its own, for fault tests: `node backup-worker.ts <database url>`. Runs the jobs of
 * backups and their watch loop against this machine; says "ready" on its output.
 */
import { handlers, loops } from "../handlers/index.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { openDatabase } from "../../platform/db.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { createLogger } from "../../platform/logger.ts";
import { FAULT_TIMING } from "../../platform/queue/fault-worker.ts";
import { startQueue } from "../../platform/queue/start.ts";

const [url = ""] = process.argv.slice(2);
const log = createLogger({ level: "warn", write: (line) => void process.stdout.write(line) });
const database = openDatabase({ url, poolMax: 6, queryTimeoutMs: 10_000, connectTimeoutMs: 10_000, applicationName: "backup worker" });
const context = (): Context => ({
  actor: { kind: "system", name: "backups.watch" },
  db: database.client,
  now: systemClock,
  log,
  http: createOutbound({ allow: ["127.0.0.0/8"] }),
  requestId: "req_worker",
  clientAddress: null,
});
const queue = startQueue({ pool: database.pool, handlers, concurrency: 4, context, log, timing: FAULT_TIMING });
await queue.ready;
for (const loop of loops) await loop.start(context());
process.stdout.write("ready\n");
