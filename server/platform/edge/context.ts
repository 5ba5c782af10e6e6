/**
 * Makes the context of an HTTP request: who calls (session cookie or API key), from where (as the edge established),
 * under which request id, and whether a browser was led here by another site. Pages use it with their headers alone.
 */
import { actorFromRequest } from "../auth/actor.ts";
import { systemClock } from "../clock.ts";
import { config, publicUrl } from "../config.ts";
import { actorId, type Actor, type Context } from "../context.ts";
import { database, type Db } from "../db.ts";
import { AppError } from "../errors.ts";
import { outbound } from "../http/guarded.ts";
import { chargeAddress } from "../limiter/charge.ts";
import { logger } from "../logger.ts";
import { isCrossSite } from "./cross-site.ts";
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER, requestIdFrom } from "./incoming.ts";

/** A request, or the headers of one. */
export type Incoming = { headers: Headers; signal?: AbortSignal };

/** The request id that the edge set; a new one when there is no edge. */
export const requestIdOf = (headers: Headers): string => requestIdFrom(headers.get(REQUEST_ID_HEADER) ?? undefined);

/** Finds the caller; keys that do not work are charged to the address that sends them, before anything else is done. */
async function callerOf(headers: Headers, db: Db): Promise<Actor> {
  try {
    return await actorFromRequest({ headers }, { db, now: systemClock });
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthorized") await chargeAddress(headers.get(CLIENT_ADDRESS_HEADER), "api");
    throw error;
  }
}

/**
 * Finds the caller and builds the context. Throws AppError `unauthorized` for an API key that does not work, or
 * `limit` after too many of them; a cookie that does not work makes an anonymous caller.
 */
export async function contextFromRequest(request: Incoming): Promise<Context> {
  const { headers } = request;
  const db = database().client;
  const actor = await callerOf(headers, db);
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
      idempotencyKey: headers.get("idempotency-key"),
      responseHeaders: new Headers(),
    },
  };
}
