/**
 * Between Node's request and answer and the web's Request and Response, for routes that are answered without the
 * framework (doors.ts). An answer that is complete leaves in one write, a stream part by part at its reader's pace.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { behindDoor, type Answer } from "./doors.ts";
import type { Handler } from "./server.ts";

/** Routes look at path and query alone; the host that a caller names is nobody's business here. */
const ORIGIN = "http://console";

function headersOf(req: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (typeof value === "string") headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}

function requestOf(req: IncomingMessage, signal: AbortSignal): Request {
  const init: RequestInit & { duplex?: "half" } = { method: req.method, headers: headersOf(req), signal };
  if (req.method !== "GET" && req.method !== "HEAD") {
    init.body = Readable.toWeb(req) as ReadableStream<Uint8Array>;
    init.duplex = "half";
  }
  return new Request(`${ORIGIN}${req.url ?? "/"}`, init);
}

/** Events and lines that come over time; everything else is complete when it is given. */
const isStream = (headers: Headers): boolean => headers.has("transfer-encoding") || headers.get("content-type")?.startsWith("text/event-stream") === true;

/** Waits until the reader took what was written, or left. */
function untilRoom(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      res.off("drain", go).off("close", go);
      resolve();
    };
    res.on("drain", go).on("close", go);
  });
}

async function stream(body: ReadableStream<Uint8Array>, res: ServerResponse): Promise<void> {
  const reader = body.getReader();
  res.once("close", () => void reader.cancel().catch(() => undefined));
  res.flushHeaders();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (!res.write(part.value) && !res.closed) await untilRoom(res);
  }
  res.end();
}

async function send(answer: Response, res: ServerResponse): Promise<void> {
  res.statusCode = answer.status;
  const isStreamed = isStream(answer.headers);
  for (const [name, value] of answer.headers) {
    if (name === "set-cookie") res.appendHeader(name, value);
    else if (name !== "transfer-encoding") res.setHeader(name, value);
  }
  if (!answer.body) return void res.end();
  if (isStreamed) return stream(answer.body, res);
  res.end(await answer.text());
}

/** Answers a request by a route's function. Rejects with what the function throws, before anything was sent. */
export async function answerDirectly(answer: Answer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const gone = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) gone.abort();
  });
  await send(await answer(requestOf(req, gone.signal)), res);
}

/** Serves by the open doors; everything else, and what the framework would redirect, by `framework`. */
export function throughDoors(routeOf: (path: string) => string, framework: Handler): Handler {
  return (req, res) => {
    const path = (req.url ?? "/").split("?", 1)[0] ?? "/";
    const answer = path.startsWith("/api/") && !path.endsWith("/") ? behindDoor(routeOf(path), req.method ?? "") : null;
    return answer ? answerDirectly(answer, req, res) : framework(req, res);
  };
}
