/**
 * Makes the context of an HTTP request: who calls (session cookie or API key), from where (as the edge established),
 * under which request id, and whether a browser was led here by another site. Pages use it with their headers alone.
 */
import { actorFromRequest, hasApiKey } from "../auth/actor.ts";
import { sessionIdFrom } from "../auth/session-token.ts";
import { isConnectionLoss } from "../breaker/connection-loss.ts";
import { databaseAway, databaseAwaySince, isDatabaseAway, noteConnectionLoss, whileDatabaseAnswers } from "../breaker/database-guard.ts";
import { systemClock } from "../clock.ts";
import { config, publicUrl } from "../config.ts";
import { actorId, type Actor, type Context } from "../context.ts";
import { database, type Db } from "../db.ts";
import { AppError } from "../errors.ts";
import { outbound } from "../http/guarded.ts";
import { chargeAddress } from "../limiter/charge.ts";
import { logger } from "../logger.ts";
import { RETRY } from "../retry/policy.ts";
import { retrying } from "../retry/retry.ts";
import { snapshot } from "../snapshot/keeper.ts";
import { isCrossSite } from "./cross-site.ts";
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER, requestIdFrom } from "./incoming.ts";

/** A request, or the headers of one. */
export type Incoming = { headers: Headers; signal?: AbortSignal };

/** The request id that the edge set; a new one when there is no edge. */
export const requestIdOf = (headers: Headers): string => requestIdFrom(headers.get(REQUEST_ID_HEADER) ?? undefined);

type Caller = { actor: Actor; isRemembered?: true };

/** While the database is away: whom it named last for this session. Keys get no such credit. Throws `unavailable`. */
async function rememberedCaller(headers: Headers, cause: unknown): Promise<Caller> {
  if (hasApiKey({ headers })) throw databaseAway(cause);
  const sessionId = await sessionIdFrom(headers);
  if (sessionId === null) return { actor: { kind: "anonymous" } };
  const actor = snapshot().callers.find(sessionId, systemClock());
  if (!actor) throw databaseAway(cause);
  return { actor, isRemembered: true };
}

/** Asks the database, again when only a connection was lost. */
function askDatabase(headers: Headers, db: Db): Promise<Actor> {
  const isTransient = (error: unknown) => {
    const isLost = isConnectionLoss(error);
    if (isLost) noteConnectionLoss();
    return isLost && databaseAwaySince() === null;
  };
  return whileDatabaseAnswers(() => retrying({ policy: RETRY.databaseRead, isTransient }, () => actorFromRequest({ headers }, { db, now: systemClock })));
}

/** Finds the caller; keys that do not work are charged to the address that sends them, before anything else is done. */
async function callerOf(headers: Headers, db: Db): Promise<Caller> {
  try {
    const actor = await askDatabase(headers, db);
    if (actor.kind === "user") snapshot().callers.remember(actor, systemClock());
    return { actor };
  } catch (error) {
    if (error instanceof AppError && error.code === "unauthorized") await chargeAddress(headers.get(CLIENT_ADDRESS_HEADER));
    if (!isDatabaseAway(error)) throw error;
    return rememberedCaller(headers, error);
  }
}

/**
 * Finds the caller and builds the context. Throws AppError `unauthorized` for an API key that does not work, `limit`
 * after too many of them, or `unavailable` when the database is away and nobody can say who calls; a cookie that does
 * not work makes an anonymous caller.
 */
export async function contextFromRequest(request: Incoming): Promise<Context> {
  const { headers } = request;
  const db = database().client;
  const { actor, isRemembered } = await callerOf(headers, db);
  const requestId = requestIdOf(headers);
  const userId = actorId(actor);
  return {
    actor,
    isRemembered,
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
