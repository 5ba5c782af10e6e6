/** Finds queues by their `meta` keys. Redis keeps no list of them, so the keys are looked through, now and then. */
import { monotonicMs, MINUTE_MS } from "../../../platform/clock.ts";
import type { ScriptedRedis } from "./scripts.ts";

/** A new queue shows within this time; looking through a million keys takes about a second of the server's time. */
const LOOK_AGAIN_MS = MINUTE_MS;
/** Keys a step: long enough to be quick, short enough to let others in between. */
const KEYS_A_STEP = 1_000;

const escapeGlob = (text: string) => text.replace(/[\\*?[\]]/g, (char) => `\\${char}`);

async function look(redis: ScriptedRedis, prefix: string): Promise<string[]> {
  const names = new Set<string>();
  const [before, after] = [`${prefix}:`, ":meta"];
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", `${escapeGlob(prefix)}:*:meta`, "COUNT", KEYS_A_STEP);
    cursor = next;
    for (const key of keys) names.add(key.slice(before.length, -after.length));
  } while (cursor !== "0");
  // A queue's name has no colon, so a key with one belongs to something else.
  return [...names].filter((name) => name !== "" && !name.includes(":")).sort();
}

/** The names, as of a minute ago at most. */
export function discoverer(redis: ScriptedRedis, prefix: string): () => Promise<string[]> {
  let found: Promise<string[]> | null = null;
  let lookedAt = 0;
  return () => {
    if (found && monotonicMs() - lookedAt < LOOK_AGAIN_MS) return found;
    lookedAt = monotonicMs();
    const looking = look(redis, prefix);
    looking.catch(() => {
      if (found === looking) found = null;
    });
    found = looking;
    return looking;
  };
}
