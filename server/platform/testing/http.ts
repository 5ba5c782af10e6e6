/**
 * Serves route handlers behind the real edge, without the framework: what a test asks travels over a real socket and
 * meets the same headers, limits and context as in the product. The test's database becomes the process's.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import { answerDirectly } from "../edge/direct.ts";
import { createEdgeServer, type EdgeServer } from "../edge/server.ts";
import { chargeRoute } from "../limiter/route-charge.ts";
import { createLogger } from "../logger.ts";
import type { TestDatabase } from "./database.ts";

type Route = (request: Request) => Promise<Response> | Response;

const silent = createLogger({ level: "silent", write: () => undefined });

/** Registers hooks that serve `routes` (by path prefix, the first match wins). `origin` is available from beforeAll on. */
export function testServer(database: TestDatabase, routes: Record<string, Route>): { readonly origin: string } {
  let edge: EdgeServer | undefined;
  let port = 0;

  beforeAll(async () => {
    Object.assign(globalThis, { seaworthyDatabase: { client: database.db, pool: database.pool, close: () => Promise.resolve() } });
    edge = createEdgeServer({
      handler: async (req, res) => {
        const route = Object.entries(routes).find(([prefix]) => req.url?.startsWith(prefix))?.[1];
        await answerDirectly(async (request) => (route ? await route(request) : new Response("no such route", { status: 404 })), req, res);
      },
      trusted: [],
      security: { isHttps: false, isDev: false, hstsPreload: false },
      log: silent,
      routeOf: () => "test",
      charge: chargeRoute,
    });
    edge.server.listen(0, "127.0.0.1");
    await once(edge.server, "listening");
    port = (edge.server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    await edge?.drain(1_000);
    Object.assign(globalThis, { seaworthyDatabase: undefined });
  });

  return {
    get origin() {
      return `http://127.0.0.1:${port}`;
    },
  };
}
