/**
 * One request and its answer, as the edge follows them from the first header to the close of the answer. The edge can
 * take the answer over (`refuse`) at any time before its headers left; what the handler writes afterwards is dropped.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ErrorDetail } from "../errors.ts";
import { problem, PROBLEM_TYPE, type ProblemCode } from "../rest/problem.ts";
import { hasUnreadBody } from "./body-meter.ts";
import { CALLER_HEADER, ROUTE_HEADER } from "./incoming.ts";
import type { PathKind } from "./limits.ts";

/** How long an over-long body is read and thrown away so that the client can see the refusal before the reset. */
const LINGER_MS = 1_000;
/** Bytes thrown away in that moment; whoever sends more is not reading answers. */
const LINGER_BYTES = 16 * 1_024 * 1_024;

export type Exchange = {
  req: IncomingMessage;
  res: ServerResponse;
  requestId: string;
  clientAddress: string;
  path: string;
  kind: PathKind;
  startedAt: number;
  /** Template or procedure name, as the route told by response header. */
  route: string | null;
  /** Id of the user or key, as the route told. */
  caller: string | null;
  isStream: boolean;
  /** The answer's own methods, before compression wrapped them. */
  raw: Pick<ServerResponse, "writeHead" | "write" | "end">;
  isTakenOver: boolean;
};

/** Remembers the answer's own methods. */
export function rawMethods(res: ServerResponse): Exchange["raw"] {
  return { writeHead: res.writeHead.bind(res), write: res.write.bind(res), end: res.end.bind(res) };
}

/** Calls `seen` just before the headers leave, and strips the headers meant for the edge. */
export function watchHeaders(exchange: Exchange, seen: () => void): void {
  const { res, raw } = exchange;
  const take = (name: string): string | null => {
    const value = res.getHeader(name);
    res.removeHeader(name);
    return value === undefined ? null : String(value);
  };
  res.writeHead = ((...args: Parameters<ServerResponse["writeHead"]>) => {
    exchange.route = take(ROUTE_HEADER) ?? exchange.route;
    exchange.caller = take(CALLER_HEADER) ?? exchange.caller;
    exchange.isStream = String(res.getHeader("content-type") ?? "").startsWith("text/event-stream");
    seen();
    return raw.writeHead(...args);
  }) as ServerResponse["writeHead"];
}

/** From now on the handler's writes go nowhere. */
function takeOver(exchange: Exchange): void {
  const { res } = exchange;
  exchange.isTakenOver = true;
  res.setHeader = () => res;
  res.appendHeader = () => res;
  res.removeHeader = () => {};
  res.flushHeaders = () => {};
  res.writeHead = (() => res) as ServerResponse["writeHead"];
  res.write = (() => true) as ServerResponse["write"];
  res.end = (() => res) as ServerResponse["end"];
}

export type Refusal = { code: ProblemCode; text: string; detail?: ErrorDetail; allow?: readonly string[] };

/** Answers with a problem document and, when the request has an unread body, closes the connection after it. */
export function refuse(exchange: Exchange, refusal: Refusal): void {
  const { req, res, raw, requestId } = exchange;
  if (exchange.isTakenOver) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const body = problem(refusal.code, refusal.text, { requestId, detail: refusal.detail });
  const text = JSON.stringify(body);
  res.statusCode = body.status;
  for (const name of ["content-encoding", "transfer-encoding", "etag", ROUTE_HEADER, CALLER_HEADER]) res.removeHeader(name);
  res.setHeader("content-type", PROBLEM_TYPE);
  res.setHeader("content-length", Buffer.byteLength(text));
  res.setHeader("cache-control", "no-store");
  if (body.retryAfter !== undefined) res.setHeader("retry-after", String(body.retryAfter));
  if (refusal.allow) res.setHeader("allow", refusal.allow.join(", "));
  const isUnread = hasUnreadBody(req);
  if (isUnread) res.setHeader("connection", "close");
  takeOver(exchange);
  raw.writeHead(body.status);
  if (!isUnread || req.method === "HEAD") {
    raw.end(req.method === "HEAD" ? undefined : text);
    return;
  }
  raw.write(text);
  lingerThenEnd(exchange);
}

/** Reads and drops the rest of the body for a moment, then ends the answer and the connection. */
function lingerThenEnd({ req, raw }: Exchange): void {
  let isDone = false;
  let dropped = 0;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    raw.end(() => req.destroy());
  };
  const timer = setTimeout(finish, LINGER_MS);
  req.once("close", finish);
  req.push = (chunk: unknown) => {
    if (chunk instanceof Uint8Array) dropped += chunk.byteLength;
    if (chunk === null || dropped > LINGER_BYTES) finish();
    return true;
  };
  req.resume();
}

/** Ends an open stream so that its client reconnects elsewhere. */
export function endStream(exchange: Exchange): void {
  if (exchange.isTakenOver || exchange.res.writableEnded) return;
  takeOver(exchange);
  exchange.raw.end();
}
