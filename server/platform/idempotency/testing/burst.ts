/** A process that sends one create twenty times at once under an Idempotency-Key and is killed after so many milliseconds. */
import { openDatabase } from "../../db.ts";
import { testContext } from "../../testing/context.ts";
import { takeTurn } from "../once.ts";

const [url = "", wanted = "", killAfterMs = "0"] = process.argv.slice(2);
const database = openDatabase({ url, poolMax: 10, queryTimeoutMs: 10_000, connectTimeoutMs: 10_000, applicationName: "burst" });
const free = () => Promise.resolve();
const request = JSON.parse(wanted) as Parameters<typeof takeTurn>[1];

async function create(): Promise<void> {
  const turn = await takeTurn(testContext({ db: database.client }), request, { asRepetition: free, asWork: free });
  if (turn.kind !== "mine") return;
  await turn.run(async (tx) => {
    const key = `${request.key}:${Math.random()}`;
    await tx.db.setting.create({ data: { key, value: 1, updatedAt: new Date(), updatedBy: "test" } });
    await tx.db.$executeRaw`SELECT pg_sleep(0.02)`;
    return { ok: true as const, data: key };
  });
}

await database.client.$queryRaw`SELECT 1`;
process.send?.("ready");
setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(killAfterMs));
// Whoever comes second is told to wait; that is not what is tested here.
await Promise.allSettled(Array.from({ length: 20 }, create));
process.kill(process.pid, "SIGKILL");
