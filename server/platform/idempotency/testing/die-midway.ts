/** A process that begins a create under an Idempotency-Key, writes its row and is killed before the commit. */
import { openDatabase } from "../../db.ts";
import { testContext } from "../../testing/context.ts";
import { takeTurn } from "../once.ts";

const [url = "", wanted = ""] = process.argv.slice(2);
const database = openDatabase({ url, poolMax: 2, queryTimeoutMs: 10_000, connectTimeoutMs: 10_000, applicationName: "dies midway" });
const ctx = testContext({ db: database.client });
const free = () => Promise.resolve();
const turn = await takeTurn(ctx, JSON.parse(wanted) as Parameters<typeof takeTurn>[1], { asRepetition: free, asWork: free });
if (turn.kind !== "mine") throw new Error("The turn was somebody else's.");
await turn.run(async (tx) => {
  await tx.db.setting.create({ data: { key: "made-by-the-dead", value: 1, updatedAt: new Date(), updatedBy: "test" } });
  process.kill(process.pid, "SIGKILL");
  return { ok: true, data: null };
});
