import { describe, expect, test } from "vitest";
import { needsNewConnection, retryPause } from "./connection.ts";
import { decodeReply, upstashCommands, withoutFlags } from "./upstash-commands.ts";

const SCRIPT = "#!lua flags=allow-key-locking\nreturn {1, 2}";

/** A Redis that knows the scripts it was sent, by how often it was asked. */
function fakeRedis() {
  const calls: string[] = [];
  let isTaught = false;
  return {
    calls,
    evalsha: (...args: unknown[]) => {
      calls.push(`evalsha ${args.slice(1).join(" ")}`);
      return isTaught ? Promise.resolve([3, "x", '{"a":1}', "[broken"]) : Promise.reject(new Error("NOSCRIPT No matching script."));
    },
    eval: (script: unknown, ...args: unknown[]) => {
      isTaught = true;
      calls.push(`eval ${String(script)} ${args.join(" ")}`);
      return Promise.resolve([1, 2]);
    },
  };
}

describe("the library's commands over plain Redis", () => {
  test("the line of flags is taken off, the original hash stays known", async () => {
    const redis = fakeRedis();
    const commands = upstashCommands(redis as never);
    const hash = "a".repeat(40);
    await expect(commands.evalsha(hash, ["k"], [1])).rejects.toThrow("NOSCRIPT");
    expect(await commands.eval(SCRIPT, ["k"], [1, undefined, { b: 2 }])).toEqual([1, 2]);
    expect(redis.calls).toEqual(['evalsha 1 k 1  {"b":2}', 'eval return {1, 2} 1 k 1  {"b":2}']);
    expect(withoutFlags("return 1")).toBe("return 1");
  });

  test("replies are read as JSON where they are JSON", () => {
    expect(decodeReply([3, "x", '{"a":1}', "[broken", ["[1]"], null])).toEqual([3, "x", { a: 1 }, "[broken", [[1]], null]);
    expect(decodeReply(7)).toBe(7);
  });
});

test("connections come back with growing pauses of at most 2 s (SRV-050)", () => {
  expect([1, 2, 10, 40, 1_000].map(retryPause)).toEqual([50, 100, 500, 2_000, 2_000]);
});

test("a read-only replica and a reset connection need a new one (SRV-051)", () => {
  expect(["READONLY You can't write against a read only replica.", "read ECONNRESET", "WRONGTYPE"].map((text) => needsNewConnection(new Error(text)))).toEqual([true, true, false]);
});
