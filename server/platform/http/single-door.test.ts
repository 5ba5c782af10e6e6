import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** Modules that open sockets or resolve names, and what of them opens none. */
const DOORS: Record<string, readonly string[]> = {
  undici: [],
  "node:dns": [],
  "node:dns/promises": [],
  "node:dgram": [],
  "node:http2": [],
  "node:tls": [],
  "node:https": [],
  "node:net": ["isIP", "isIPv4", "isIPv6", "BlockList", "SocketAddress", "createServer"],
  "node:http": ["createServer", "Server", "STATUS_CODES", "IncomingMessage", "ServerResponse"],
};

/** Clients with sockets of their own, and the files that may use them: our own database and Redis, the checked probe, the engines of backups and queue systems, which resolve through the guard, and the questions to a drill's own cluster. */
const CLIENTS: Record<string, RegExp> = {
  pg: /^server\/(?:platform\/(?:db|migrations|breaker\/pulse|embedded\/.*|live\/.*|queue\/.*|health\/.*|testing\/.*)|main\/.*|cli\/.*|services\/probes\/postgres|backups\/(?:engines\/.*|restore\/.*|handlers\/assertions)|queues\/adapters\/pgboss\/pool)(?:\.ts)?$/,
  ioredis: /^server\/platform\/(?:limiter|health|redis)\/.*$/,
};

/** Files whose sockets have no address that anybody could choose, each with its reason. */
const EXCEPTIONS: Record<string, string> = {
  "server/backups/engines/pg-dump/intake.ts": "connects to a socket file that it made in a run's private folder",
  "server/platform/embedded/settings.ts": "listens on a loopback port to find a free one",
};

/** Means of tests are not shipped: the import rules keep the product from loading them. */
const isTesting = (file: string) => file.endsWith(".test.ts") || file.includes("/testing/");
const sources = globSync("server/**/*.ts", { cwd: ROOT }).filter((file) => !isTesting(file) && !file.startsWith("server/platform/http/") && !(file in EXCEPTIONS));

/** Value imports of a source: module and imported names. */
function importsOf(text: string): { from: string; names: string[] }[] {
  const found = [...text.matchAll(/^import\s+(?!type\s)([^;]*?)\s+from\s+"([^"]+)"/gm)];
  return found.map(([, clause = "", from = ""]) => ({
    from,
    names: clause.replaceAll(/[{}]/g, "").split(",").map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("type ")).map((name) => name.split(" as ")[0] ?? name),
  }));
}

test("nothing but the guarded client opens sockets to addresses that users choose (2c)", () => {
  expect(sources.length).toBeGreaterThan(50);
  const offences = sources.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    const doors = importsOf(text).flatMap(({ from, names }) => {
      const harmless = DOORS[from];
      const isOpen = harmless !== undefined && names.some((name) => !harmless.includes(name));
      const isStranger = Object.hasOwn(CLIENTS, from) && !CLIENTS[from]?.test(file);
      return isOpen || isStranger ? [`${file} imports ${names.join(", ")} from ${from}`] : [];
    });
    const fetches = /(?<![.\w])fetch\(/.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")) ? [`${file} calls fetch`] : [];
    return [...doors, ...fetches];
  });
  expect(offences).toEqual([]);
});
