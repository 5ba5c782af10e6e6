/**
 * Upstash's REST interface over a real Redis, for tests (upstash.com/docs/redis/features/restapi): one command as a JSON
 * array, or many at /pipeline; a bearer token; strings of answers in base64 when asked. As Upstash does, it takes
 * scripts with a line of flags, which plain Redis refuses, under the hash of the whole text.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";

export type Bridge = {
  url: string;
  /** Commands that were carried out. */
  commands: () => number;
  /** From now on requests are taken and never answered, or answered again. */
  hang: (isHanging: boolean) => void;
  close: () => Promise<void>;
};

type Word = string | number;

const inBase64 = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inBase64);
  return typeof value === "string" && value !== "OK" ? Buffer.from(value).toString("base64") : value;
};

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const part of request) text += String(part);
  return JSON.parse(text);
}

/** Starts a bridge on a free port of 127.0.0.1 to the Redis at `redisUrl`. */
export async function upstashBridge(redisUrl: string, token: string): Promise<Bridge> {
  const redis = new Redis(redisUrl);
  const scripts = new Map<string, string>();
  let commands = 0;
  let isHanging = false;

  const perform = async ([name = "", ...words]: Word[]): Promise<{ result?: unknown; error?: string }> => {
    commands += 1;
    const verb = String(name).toUpperCase();
    const [first = "", ...rest] = words;
    try {
      if (verb === "EVAL") {
        scripts.set(createHash("sha1").update(String(first)).digest("hex"), String(first).replace(/^#!lua[^\n]*\n/, ""));
        return { result: await redis.call("EVAL", String(first).replace(/^#!lua[^\n]*\n/, ""), ...rest) };
      }
      const known = verb === "EVALSHA" ? scripts.get(String(first)) : undefined;
      return { result: known === undefined ? await redis.call(verb, ...words) : await redis.call("EVAL", known, ...rest) };
    } catch (error) {
      return { error: (error as Error).message };
    }
  };

  const server = createServer((request, response) => {
    const answer = async () => {
      const say = (status: number, body: unknown) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (request.headers.authorization !== `Bearer ${token}`) return say(401, { error: "WRONGPASS invalid or missing auth token" });
      const asked = await bodyOf(request);
      if (isHanging) return;
      const isMany = request.url === "/pipeline";
      const answers = await Promise.all((isMany ? (asked as Word[][]) : [asked as Word[]]).map(perform));
      const told = answers.map(({ result, error }) => (error === undefined ? { result: request.headers["upstash-encoding"] === "base64" ? inBase64(result) : result } : { error }));
      return say(!isMany && told[0] && "error" in told[0] ? 400 : 200, isMany ? told : told[0]);
    };
    void answer();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands: () => commands,
    hang: (next) => void (isHanging = next),
    close: async () => {
      redis.disconnect();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
