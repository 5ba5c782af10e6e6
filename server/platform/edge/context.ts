/**
 * Makes the context of an HTTP request: who calls (session cookie or API key), from where (as the edge established),
 * under which request id, and whether a browser was led here by another site. Pages use it with their headers alone.
 */
import { actorFromRequest } from "../auth/actor.ts";
import { systemClock } from "../clock.ts";
import { config, publicUrl } from "../config.ts";
import { actorId, type Context } from "../context.ts";
import { database } from "../db.ts";
import { outbound } from "../http/guarded.ts";
import { logger } from "../logger.ts";
import { isCrossSite } from "./cross-site.ts";
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER, requestIdFrom } from "./incoming.ts";

/** A request, or the headers of one. */
export type Incoming = { headers: Headers; signal?: AbortSignal };

/** The request id that the edge set; a new one when there is no edge. */
export const requestIdOf = (headers: Headers): string => requestIdFrom(headers.get(REQUEST_ID_HEADER) ?? undefined);

/**
 * Finds the caller and builds the context. Throws AppError `unauthorized` for an API key that does not work; a cookie
 * that does not work makes an anonymous caller.
 */
export async function contextFromRequest(request: Incoming): Promise<Context> {
  const { headers } = request;
  const db = database().client;
  const actor = await actorFromRequest({ headers }, { db, now: systemClock });
  const requestId = requestIdOf(headers);
  const userId = actorId(actor);
  return {
    actor,
    db,
    now: systemClock,
    log: logger().child(userId ? { requestId, userId } : { requestId }),
    http: outbound(),
    requestId,
    clientAddress: headers.get(CLIENT_ADDRESS_HEADER),
    signal: request.signal,
    request: {
      isCrossSite: isCrossSite({ headers, actor, publicOrigin: new URL(publicUrl(config())).origin }),
      userAgent: headers.get("user-agent"),
      responseHeaders: new Headers(),
    },
  };
}
