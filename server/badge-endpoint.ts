/**
 * `/badge/coverage/<service>.svg` and `/badge/readiness/<service>.svg`: the figure of a service as a picture for a readme.
 * The same procedures decide who may see it as at their REST routes. A picture that everybody may see may be kept by
 * caches for a while and is asked for again with its ETag; any other is for its caller alone.
 */
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import type { Badge } from "./platform/badge/schema.ts";
import { badgeSvg } from "./platform/badge/svg.ts";
import { contextFromRequest } from "./platform/edge/context.ts";
import { ROUTE_HEADER } from "./platform/edge/incoming.ts";
import { AppError, HTTP_STATUS } from "./platform/errors.ts";
import { etagOf, isKnown } from "./platform/rest/conditional.ts";
import { createCaller } from "./root.ts";

/** Five minutes: a readme may be that old, and the console is not asked for each of its readers. */
const PUBLIC_CACHE = "public, max-age=300";
const PRIVATE_CACHE = "private, no-cache";
const PATH = /^\/badge\/(coverage|readiness)\/([^/]{1,160})\.svg$/;
const NOT_MODIFIED = 304;
const NOT_FOUND = 404;

type Wanted = { kind: "coverage" | "readiness"; service: string; search: URLSearchParams };

function wantedOf(url: URL): Wanted | null {
  const [, kind, name] = PATH.exec(url.pathname) ?? [];
  if (!kind || !name) return null;
  try {
    return { kind: kind as Wanted["kind"], service: decodeURIComponent(name), search: url.searchParams };
  } catch {
    // A lone % is no path of ours.
    return null;
  }
}

type Caller = ReturnType<typeof createCaller>;

function read(caller: Caller, { kind, service, search }: Wanted): Promise<Badge> {
  if (kind === "readiness") return caller.readiness.badge({ id: service });
  const [measure, flag] = [search.get("measure"), search.get("flag")];
  return caller.coverage.badge({ service, ...(measure ? { measure: measure as "lines" } : {}), ...(flag ? { flag } : {}) });
}

function picture(badge: Pick<Badge, "label" | "message" | "color">, { status = 200, cache, known = null }: { status?: number; cache: string; known?: string | null }): Response {
  const body = badgeSvg(badge);
  const etag = etagOf(body);
  const headers = { "content-type": "image/svg+xml; charset=utf-8", "cache-control": cache, vary: "cookie, authorization, x-api-key", etag, [ROUTE_HEADER]: "/badge/[kind]/[service]" };
  return status === 200 && isKnown(known, etag) ? new Response(null, { status: NOT_MODIFIED, headers }) : new Response(body, { status, headers });
}

const refusal = (label: string, status: number): Response => picture({ label, message: status === NOT_FOUND ? "not public" : "not available", color: "lightgrey" }, { status, cache: "no-store" });

/** Draws one badge. What goes wrong is a grey picture with the status that says what. */
export async function badge(request: Request): Promise<Response> {
  const wanted = wantedOf(new URL(request.url));
  if (!wanted) return refusal("badge", NOT_FOUND);
  try {
    const ctx = await contextFromRequest(request);
    const found = await read(createCaller(ctx), wanted);
    return picture(found, { cache: ctx.actor.kind === "anonymous" ? PUBLIC_CACHE : PRIVATE_CACHE, known: request.headers.get("if-none-match") });
  } catch (error) {
    if (error instanceof AppError) return refusal(wanted.kind, HTTP_STATUS[error.code]);
    if (!(error instanceof TRPCError)) throw error;
    return refusal(wanted.kind, getHTTPStatusCodeFromError(error));
  }
}
