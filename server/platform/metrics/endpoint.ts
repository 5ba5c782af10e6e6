/** /metrics over HTTP: for a scraper on this machine, for signed-in people, and for keys with the scope telemetry:read. */
import { systemClock } from "../clock.ts";
import { database } from "../db.ts";
import { contextFromRequest, requestIdOf } from "../edge/context.ts";
import { isLoopback } from "../edge/address.ts";
import { CLIENT_ADDRESS_HEADER, PEER_HEADER, ROUTE_HEADER } from "../edge/incoming.ts";
import { logger } from "../logger.ts";
import { assertMay } from "../permissions.ts";
import { failureOf } from "../rest/endpoint.ts";
import { problem, problemResponse } from "../rest/problem.ts";
import { gatherMetrics } from "./gather.ts";

const SCOPE = "telemetry:read";
const PATH = "/metrics";

/** True for a process on this machine that speaks to us directly; a local proxy speaks for others. */
const isLocalScraper = (headers: Headers): boolean => headers.get(PEER_HEADER) === "direct" && isLoopback(headers.get(CLIENT_ADDRESS_HEADER) ?? "");

/** The figures, or a problem document. */
export async function metrics(request: Request): Promise<Response> {
  try {
    if (!isLocalScraper(request.headers)) assertMay((await contextFromRequest(request)).actor, { access: "viewer", scope: SCOPE });
    const { contentType, text } = await gatherMetrics({ db: database().client, now: systemClock, log: logger() });
    return new Response(text, { headers: { "content-type": contentType, "cache-control": "no-store", [ROUTE_HEADER]: PATH } });
  } catch (error) {
    const { code, text, detail } = failureOf(error);
    if (code === "internal") logger().error({ err: error, requestId: requestIdOf(request.headers) }, "metrics failed");
    return problemResponse(problem(code, text, { requestId: requestIdOf(request.headers), detail }), new Headers({ [ROUTE_HEADER]: PATH }));
  }
}
