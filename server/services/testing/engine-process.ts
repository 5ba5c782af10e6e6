/**
 * A check engine as a process of its own, for fault tests and benches: `node engine-process.ts <concurrency>`, with the
 * product's environment. Over IPC it says "ready"; `{ stallMs }` blocks its event loop for that long.
 */
import { closeDatabase } from "../../platform/db.ts";
import { systemContext } from "../../platform/system-context.ts";
import { startEngine } from "../engine/scheduler.ts";

const engine = startEngine(systemContext("services.engine"), { concurrency: Number(process.argv[2] ?? 50) });

process.on("message", ({ stallMs }: { stallMs: number }) => {
  const until = performance.now() + stallMs;
  while (performance.now() < until);
});
process.on("SIGTERM", () => {
  void engine
    .stop()
    .then(closeDatabase)
    .then(() => process.exit(0));
});
process.send?.("ready");
