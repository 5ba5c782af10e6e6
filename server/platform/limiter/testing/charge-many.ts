/** A process of its own for tests: charges one caller many times over Redis and prints how many calls were allowed. */
import { once } from "node:events";
import { createLogger } from "../../logger.ts";
import { openRedis } from "../../redis/connection.ts";
import { upstashCommands } from "../../redis/upstash-commands.ts";
import { createGate } from "../gate.ts";
import { createLimiter } from "../limiter.ts";
import { memoryWindows } from "../memory.ts";
import { redisWindows } from "../shared.ts";

const [url = "", caller = "", calls = "0"] = process.argv.slice(2);
const log = createLogger({ level: "silent", write: () => undefined });
const connection = openRedis({ url, name: "child", log });
const { redis } = connection;
await once(redis, "ready");
const now = () => new Date();
const gate = createGate({ isReady: () => redis.status === "ready", ping: () => redis.ping(), log });
const limits = { RATE_LIMIT_WINDOW_MS: 900_000, RATE_LIMIT_MAX_REQUESTS: 100, RATE_LIMIT_MAX_AUTHENTICATED: 1_000, RATE_LIMIT_BURST_PER_MINUTE: 100, AUTH_RATE_LIMIT_MAX: 5, WRITE_RATE_LIMIT_MAX: 30, PAGE_RATE_LIMIT_MAX: 1_200, ASSET_RATE_LIMIT_MAX: 6_000 };
const limiter = createLimiter({ now, limits, local: memoryWindows(now), shared: { open: redisWindows(upstashCommands(redis)), gate, close: connection.close } });
let allowed = 0;
for (let i = 0; i < Number(calls); i++) if ((await limiter.charge({ tier: "write", caller, isSignedIn: true })).isAllowed) allowed += 1;
process.stdout.write(`${allowed}\n`);
await limiter.close();
gate.close();
