/**
 * tRPC over HTTP, for the console and the typed client. At most ten calls travel in one request, each charged by its
 * own limit and judged alone, and what must not be guessed or taken back does not travel with others; writes arrive only as JSON, which no form of another site can send. Subscriptions stream as SSE.
 */
import { TRPCError, type AnyRouter } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { actorId, type Context } from "../context.ts";
import { toAppError } from "../errors.ts";
import { chargeAddress } from "../limiter/charge.ts";
import { logger } from "../logger.ts";
import { problem, problemResponse } from "../rest/problem.ts";
import { TRPC_CODE } from "../trpc.ts";
import { contextFromRequest, requestIdOf } from "./context.ts";
import { CALLER_HEADER, CLIENT_ADDRESS_HEADER, ROUTE_HEADER } from "./incoming.ts";

const PREFIX = "/api/trpc";
/** Calls in one request; the client's batch link keeps to the same number. */
export const MAX_BATCH_SIZE = 10;

function routeLabel(router: AnyRouter, paths: readonly string[] | undefined): string {
  const [first] = paths ?? [];
  if (!first || paths?.length !== 1) return `${PREFIX}/batch`;
  return Object.hasOwn(router._def.procedures, first) ? `${PREFIX}/${first}` : `${PREFIX}/unknown`;
}

function headersOf(router: AnyRouter, seen: { ctx?: Context; paths?: readonly string[] }): Headers {
  const headers = new Headers(seen.ctx?.request?.responseHeaders);
  headers.set(ROUTE_HEADER, routeLabel(router, seen.paths));
  const caller = seen.ctx ? actorId(seen.ctx.actor) : null;
  if (caller) headers.set(CALLER_HEADER, caller);
  return headers;
}

async function contextFor(request: Request, calls: number): Promise<Context> {
  try {
    const ctx = await contextFromRequest(request);
    if (ctx.request) ctx.request.isBatched = calls > 1;
    return ctx;
  } catch (error) {
    // The entry point: the library turns a TRPCError into the answer that its clients understand.
    const known = toAppError(error);
    if (known.code === "internal") logger().error({ err: error, requestId: requestIdOf(request.headers) }, "caller could not be found");
    throw new TRPCError({ code: TRPC_CODE[known.code], message: known.message, cause: known });
  }
}

/** True when a call of the request has a name that no procedure has. */
function namesNothing(router: AnyRouter, request: Request): boolean {
  const names = new URL(request.url).pathname.slice(PREFIX.length + 1).split(/,|%2c/i);
  return names.some((name) => !Object.hasOwn(router._def.procedures, name));
}

/** What no procedure answers, no procedure charges: it is charged to the address. The refusal, or null. */
async function chargeNames(router: AnyRouter, request: Request): Promise<Response | null> {
  if (!namesNothing(router, request)) return null;
  const headers = new Headers({ [ROUTE_HEADER]: `${PREFIX}/unknown` });
  try {
    await chargeAddress(request.headers.get(CLIENT_ADDRESS_HEADER), headers);
    return null;
  } catch (error) {
    const { code, message, detail } = toAppError(error);
    return problemResponse(problem(code, message, { requestId: requestIdOf(request.headers), detail }), headers);
  }
}

/** Answers requests under /api/trpc with the procedures of `router`. */
export function trpcEndpoint(router: AnyRouter): (request: Request) => Promise<Response> {
  return async (request) => {
    const isJson = /^application\/json\b/i.test(request.headers.get("content-type") ?? "");
    if (request.method === "POST" && !isJson) {
      const requestId = requestIdOf(request.headers);
      return problemResponse(problem("unsupported_media_type", "Send the call as application/json.", { requestId }), new Headers({ [ROUTE_HEADER]: PREFIX }));
    }
    const refused = await chargeNames(router, request);
    if (refused) return refused;
    return fetchRequestHandler({
      endpoint: PREFIX,
      req: request,
      router,
      maxBatchSize: MAX_BATCH_SIZE,
      createContext: ({ info }) => contextFor(request, info.calls.length),
      responseMeta: ({ ctx, paths }) => ({ headers: headersOf(router, { ctx, paths }) }),
    });
  };
}
