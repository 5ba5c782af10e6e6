/**
 * The commands that @upstash/ratelimit gives to Upstash's client, over a plain Redis. Two things differ there: its
 * scripts begin with a line of flags that plain Redis refuses, so that line is taken off and the script keeps its
 * original hash in a table; and Upstash's client reads JSON in replies, which the library relies on.
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** What the library may call with the options that we give it. */
export type UpstashCommands = {
  evalsha: (hash: string, keys: string[], args: unknown[]) => Promise<unknown>;
  eval: (script: string, keys: string[], args: unknown[]) => Promise<unknown>;
};

type Script = { hash: string; text: string };

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");

/** The library has a dozen scripts; more would mean that something else uses these commands. */
const MAX_SCRIPTS = 100;

/** Reads JSON in text, at any depth of a reply; text that is none stays text. */
export function decodeReply(reply: unknown): unknown {
  if (typeof reply === "number") return reply;
  if (Array.isArray(reply)) return reply.every((part) => typeof part === "number") ? reply : reply.map(decodeReply);
  if (typeof reply !== "string" || !/^[[{]/.test(reply)) return reply;
  try {
    return JSON.parse(reply) as unknown;
  } catch {
    return reply;
  }
}

function encodeArgument(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** The script without its line of flags. */
export const withoutFlags = (script: string): string => script.replace(/^#!lua[^\n]*\n/, "");

/** Makes the commands over an open connection. */
export function upstashCommands(redis: Pick<Redis, "evalsha" | "eval">): UpstashCommands {
  const byOriginalHash = new Map<string, Script>();

  const run = (script: Script, keys: string[], args: unknown[]): Promise<unknown> => {
    const all = keys.concat(args.map(encodeArgument));
    return redis.evalsha(script.hash, keys.length, ...all).then(decodeReply, async (error: unknown) => {
      // A restarted server has forgotten its scripts; sending the text teaches it again.
      if (!String(error).includes("NOSCRIPT")) throw error;
      return decodeReply(await redis.eval(script.text, keys.length, ...all));
    });
  };
  return {
    evalsha: (hash, keys, args) => {
      const script = byOriginalHash.get(hash);
      return script ? run(script, keys, args) : Promise.reject(new Error("NOSCRIPT No matching script."));
    },
    eval: (original, keys, args) => {
      const text = withoutFlags(original);
      const script = { hash: sha1(text), text };
      if (byOriginalHash.size >= MAX_SCRIPTS) byOriginalHash.clear();
      byOriginalHash.set(sha1(original), script);
      return run(script, keys, args);
    },
  };
}
