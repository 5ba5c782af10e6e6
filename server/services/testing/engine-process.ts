/**
 * A check engine as a process of its own, for fault tests and benches: `node engine-process.ts <database url>
 * <concurrency>`. It may call this machine. Over IPC it says "ready"; `{ stallMs }` blocks its event loop for that long.
 */
import { systemClock } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { openDatabase } from "../../platform/db.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { createLogger } from "../../platform/logger.ts";
import { startEngine } from "../engine/scheduler.ts";

const [url = "", concurrency = "50"] = process.argv.slice(2);
const database = openDatabase({ url, poolMax: 5, queryTimeoutMs: 10_000, connectTimeoutMs: 5_000, applicationName: "engine process" });
const ctx: Context = {
  actor: { kind: "system", name: "services.engine" },
  db: database.client,
  now: systemClock,
  log: createLogger({ level: "error", write: (line) => void process.stdout.write(line) }),
  http: createOutbound({ allow: ["127.0.0.0/8"] }),
  requestId: "req_engine",
  clientAddress: null,
};
const engine = startEngine(ctx, { concurrency: Number(concurrency) });

process.on("message", ({ stallMs = 0 }: { stallMs?: number }) => {
  const until = performance.now() + stallMs;
  while (performance.now() < until);
});
process.on("SIGTERM", () => {
  void engine
    .stop()
    .then(database.close)
    .then(() => process.exit(0));
});
process.send?.("ready");
