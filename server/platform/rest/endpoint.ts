/**
 * The REST bridge: every procedure with a route answers under /api/v1 as plain JSON, through the same checks as over
 * tRPC. Every failure, whatever its cause, is a problem document.
 */
import { TRPCError, type AnyRouter } from "@trpc/server";
import { actorId, type Context } from "../context.ts";
import { contextFromRequest, requestIdOf } from "../edge/context.ts";
import { CALLER_HEADER, CLIENT_ADDRESS_HEADER, ROUTE_HEADER } from "../edge/incoming.ts";
import { AppError, UNKNOWN_ERROR_MESSAGE, type ErrorDetail } from "../errors.ts";
import { chargeAddress } from "../limiter/charge.ts";
import { logger } from "../logger.ts";
import { createCallerFactory } from "../trpc.ts";
import { readAnswer } from "./conditional.ts";
import { MediaTypeError, readInput } from "./input.ts";
import { problem, problemResponse, statusOf, type ProblemCode } from "./problem.ts";
import { findRoute, restRoutes, type Found, type RestRoute } from "./route-table.ts";

export const REST_PREFIX = "/api/v1";

type Failure = { code: ProblemCode; text: string; detail?: ErrorDetail };

/** What an error means to a REST caller. */
export function failureOf(error: unknown): Failure {
  const cause = error instanceof TRPCError && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AppError) return { code: cause.code, text: cause.message, detail: cause.detail };
  if (cause instanceof MediaTypeError) return { code: "unsupported_media_type", text: cause.message };
  return { code: "internal", text: UNKNOWN_ERROR_MESSAGE };
}

function refusal(request: Request, failure: Failure, headers = new Headers()): Response {
  return problemResponse(problem(failure.code, failure.text, { requestId: requestIdOf(request.headers), detail: failure.detail }), headers);
}

type Call = { request: Request; route: RestRoute; params: Record<string, string>; headers: Headers };
type Caller = (ctx: Context) => Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

async function run(callerOf: Caller, call: Call): Promise<unknown> {
  const ctx: Context = await contextFromRequest(call.request);
  const caller = actorId(ctx.actor);
  if (caller) call.headers.set(CALLER_HEADER, caller);
  try {
    if (call.route.meta.rules.upload && ctx.request) ctx.request.body = call.request.body;
    const input = await readInput(call.request, call.route, call.params);
    const [module, name] = splitPath(call.route.procedure);
    const procedure = callerOf(ctx)[module]?.[name];
    if (!procedure) throw new AppError("not_found", "This address does not exist.");
    return await procedure(input);
  } finally {
    ctx.request?.responseHeaders.forEach((value, key) => call.headers.set(key, value));
  }
}

/** "services.get" → ["services", "get"]. */
function splitPath(procedure: string): [string, string] {
  const dot = procedure.indexOf(".");
  return [procedure.slice(0, dot), procedure.slice(dot + 1)];
}

/** An address or method that does not exist is charged to whoever asks, like a call that is refused. */
async function nothingThere(request: Request, found: Exclude<Found, { kind: "route" }>): Promise<Response> {
  const headers = new Headers();
  try {
    await chargeAddress(request.headers.get(CLIENT_ADDRESS_HEADER), headers);
  } catch (error) {
    return refusal(request, failureOf(error), headers);
  }
  if (found.kind === "none") return refusal(request, { code: "not_found", text: `Nothing answers at this address. See ${REST_PREFIX}/openapi.json.` }, headers);
  const allow = found.allow.join(", ");
  headers.set("allow", allow);
  return refusal(request, { code: "method_not_allowed", text: `This address answers ${allow}.` }, headers);
}

/** Answers requests under /api/v1 with the procedures of `router`. */
export function restEndpoint(router: AnyRouter): (request: Request) => Promise<Response> {
  const routes = restRoutes(router);
  const callerOf = createCallerFactory(router as never) as unknown as Caller;
  return async (request) => {
    const path = new URL(request.url).pathname.slice(REST_PREFIX.length);
    const found = findRoute(routes, request.method, path);
    if (found.kind !== "route") return nothingThere(request, found);
    const headers = new Headers({ [ROUTE_HEADER]: REST_PREFIX + found.route.template });
    try {
      const output = await run(callerOf, { request, route: found.route, params: found.params, headers });
      if (found.route.method === "GET") return readAnswer(request, output, headers);
      headers.set("cache-control", "no-store");
      return Response.json(output ?? null, { headers });
    } catch (error) {
      const failure = failureOf(error);
      if (statusOf(failure.code) >= 500 && !(error instanceof TRPCError)) logger().error({ err: error, requestId: requestIdOf(request.headers) }, "REST call failed");
      return refusal(request, failure, headers);
    }
  };
}
