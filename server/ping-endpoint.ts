/**
 * `/ping/<id>…`: where jobs report, with any program that can make a request. GET, HEAD and POST alike; a body is kept as
 * the note. Answers "OK" in plain text, as other tools of this kind do, so scripts written for them need a new host only.
 */
import { TRPCError } from "@trpc/server";
import { contextFromRequest } from "./platform/edge/context.ts";
import { ROUTE_HEADER } from "./platform/edge/incoming.ts";
import { AppError, HTTP_STATUS } from "./platform/errors.ts";
import { createCaller } from "./root.ts";
import { pingOf } from "./services/ping.ts";

/** Enough for the last lines of a log; the rest of a body is not read. */
const NOTE_BYTES = 10_240;

const answer = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", [ROUTE_HEADER]: "/ping/[id]", ...headers } });

/** The beginning of the body as text; what follows is left alone. */
async function noteOf(request: Request): Promise<string> {
  if (!request.body) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    parts.push(part);
    size += part.byteLength;
    if (size >= NOTE_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, NOTE_BYTES).toString("utf8").replaceAll("\u0000", "").trim();
}

const STATUS: Partial<Record<TRPCError["code"], number>> = { NOT_FOUND: 404, BAD_REQUEST: 400, TOO_MANY_REQUESTS: 429, SERVICE_UNAVAILABLE: 503 };

/** Takes one ping. */
export async function ping(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const said = pingOf(url.pathname.split("/").slice(2).map(decodeURIComponent), { runId: url.searchParams.get("rid"), note: await noteOf(request) });
  if (!said) return answer(404, "not found");
  try {
    await createCaller(await contextFromRequest(request)).services.ping(said);
    return answer(200, "OK");
  } catch (error) {
    if (error instanceof AppError) return answer(HTTP_STATUS[error.code], error.message);
    if (!(error instanceof TRPCError)) throw error;
    const retryAfter = (error.cause as { detail?: { retryAfterSeconds?: number } } | undefined)?.detail?.retryAfterSeconds;
    return answer(STATUS[error.code] ?? 500, error.code === "NOT_FOUND" ? "not found" : error.message, retryAfter ? { "retry-after": String(retryAfter) } : {});
  }
}
