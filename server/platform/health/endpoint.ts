/**
 * Health over HTTP. Liveness has no I/O; readiness and status check everything. Anonymous callers see states and
 * times; signed-in ones also causes and figures. Finding out who calls must not outlast the checks, so a caller who
 * cannot be recognised in time is anonymous.
 */
import { systemClock } from "../clock.ts";
import { database } from "../db.ts";
import { contextFromRequest } from "../edge/context.ts";
import { ROUTE_HEADER } from "../edge/incoming.ts";
import { poolFigures } from "../metrics/pool-figures.ts";
import { checkHealth } from "./check.ts";
import { publicView, type HealthDocument } from "./judge.ts";
import { livenessDocument } from "./live.ts";
import { acceptsTraffic } from "./readiness.ts";
import { CHECK_TIMEOUT_MS } from "./run-check.ts";

const OK = 200;
const UNAVAILABLE = 503;

function answer(request: Request, status: number, body: object): Response {
  const headers = { "cache-control": "no-store", [ROUTE_HEADER]: new URL(request.url).pathname };
  return Response.json(body, { status, headers });
}

/** True when the caller is known within the time of a check. */
async function isSignedIn(request: Request): Promise<boolean> {
  const { headers } = request;
  if (!headers.has("cookie") && !headers.has("authorization") && !headers.has("x-api-key")) return false;
  const known = contextFromRequest(request).then(
    ({ actor }) => actor.kind !== "anonymous" && !(actor.kind === "user" && actor.owesSecondFactor),
    () => false,
  );
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), CHECK_TIMEOUT_MS);
  const result = await Promise.race([known, late.promise]);
  clearTimeout(timer);
  return result;
}

async function viewFor(request: Request): Promise<{ document: HealthDocument; view: HealthDocument }> {
  const world = { db: database().client, now: systemClock };
  const [document, mayKnow] = await Promise.all([checkHealth(world), isSignedIn(request)]);
  return { document, view: mayKnow ? document : publicView(document) };
}

/** /health and /health/live; `?verbose=1` on /health adds the database and, for signed-in callers, its pool. */
export async function liveness(request: Request): Promise<Response> {
  const live = livenessDocument(systemClock());
  const { pathname, searchParams } = new URL(request.url);
  if (pathname !== "/health" || !["1", "true"].includes(searchParams.get("verbose") ?? "")) return answer(request, OK, live);
  const { view } = await viewFor(request);
  const pool = view.checks.pool?.detail ? poolFigures() : undefined;
  return answer(request, OK, { ...live, database: view.checks.database, ...(pool ? { pool } : {}) });
}

/** /health/ready: 200 when traffic may come, also read-only over last known facts, else 503. */
export async function readiness(request: Request): Promise<Response> {
  const { document, view } = await viewFor(request);
  const isOpen = await acceptsTraffic(database().client, document);
  return answer(request, isOpen ? OK : UNAVAILABLE, view);
}

/** /health/status and /health/detailed: 200 when healthy or degraded, 503 when unhealthy. */
export async function status(request: Request): Promise<Response> {
  const { document, view } = await viewFor(request);
  return answer(request, document.status === "unhealthy" ? UNAVAILABLE : OK, view);
}
