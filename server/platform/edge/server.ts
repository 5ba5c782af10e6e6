/**
 * The custom HTTP server in front of the framework. In this order: who calls, which request, security headers,
 * liveness, method, body size, admission, compression, handler. Everything refused here is a problem document, and
 * nothing refused here has reached other code. `drain` stops it without cutting an answer.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { monotonicMs, systemClock } from "../clock.ts";
import { livenessDocument, version } from "../health/live.ts";
import type { Logger } from "../logger.ts";
import type { ChargedRoute, RouteCharge } from "../limiter/route-charge.ts";
import { instruments } from "../metrics/registry.ts";
import { recordExchange } from "./access-log.ts";
import { createAdmission, type Admission } from "./admission.ts";
import { compressAnswer } from "./compress.ts";
import { clientAddress, normalizeAddress, type TrustedRange } from "./address.ts";
import { declaredLength, hasUnreadBody, meterBody, timeBody } from "./body-meter.ts";
import { endStream, rawMethods, refuse, watchHeaders, type Exchange, type Refusal } from "./exchange.ts";
import { CLIENT_ADDRESS_HEADER, dropSpoofable, PEER_HEADER, REQUEST_ID_HEADER, requestIdFrom } from "./incoming.ts";
import { bodyLimitOf, CONNECTION_CHECK_MS, EDGE_LIMITS, isUploadPath, kindOf, MAX_HEADER_BYTES, methodsOf, type EdgeLimits } from "./limits.ts";
import { tierOfPath, type RouteTier } from "./route-tiers.ts";
import { DATA_POLICY, isEmbeddable, newNonce, pagePolicy, securityHeaders, type SecurityOptions } from "./security-headers.ts";
import { trackSilence } from "./silent-sockets.ts";
import { isPlainPath } from "./target.ts";

export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void> | void;

type Charge = (route: ChargedRoute) => Promise<RouteCharge>;

export type EdgeOptions = {
  handler: Handler;
  trusted: readonly TrustedRange[];
  security: SecurityOptions;
  log: Logger;
  /** Charges a request that is no procedure; nothing is charged without it. */
  charge?: Charge;
  /** Names the route of a path for figures, when the route itself does not. */
  routeOf: (path: string) => string;
  limits?: Partial<EdgeLimits>;
};

export type EdgeServer = {
  server: Server;
  /** Stops accepting, ends streams, lets requests finish for at most `timeoutMs`, then cuts the rest. */
  drain: (timeoutMs: number) => Promise<void>;
};

const BUSY: Refusal = { code: "unavailable", text: "The console is busy. Nothing was changed; try again in a moment.", detail: { retryAfterSeconds: 1 } };
const TOO_LARGE: Refusal = { code: "too_large", text: "The request's body is larger than this address accepts. Nothing was changed." };
const TOO_SLOW: Refusal = { code: "timeout", text: "The request's body took too long to arrive. Nothing was changed." };
const BAD_TARGET: Refusal = { code: "invalid", text: "The request's target must be a plain path: no empty or dot segments, no backslashes, no control characters." };
const FAILED: Refusal = { code: "internal", text: "Something went wrong. The problem was logged under this request id." };

type State = { options: EdgeOptions; limits: EdgeLimits; headers: readonly [string, string][]; open: Set<Exchange>; admission: Admission; isDraining: boolean; closeSilent: (olderThanMs: number) => void };

function openExchange(state: State, req: IncomingMessage, res: ServerResponse): Exchange {
  const { security, trusted } = state.options;
  const peer = req.socket.remoteAddress ?? "";
  const forwarded = req.headers["x-forwarded-for"];
  const address = clientAddress(peer, Array.isArray(forwarded) ? forwarded.join(",") : forwarded, trusted);
  const requestId = requestIdFrom(req.headers[REQUEST_ID_HEADER]);
  dropSpoofable(req.headers, security.isDev);
  const path = (req.url ?? "/").split("?", 1)[0] ?? "/";
  const kind = kindOf(path);
  req.headers[REQUEST_ID_HEADER] = requestId;
  req.headers[CLIENT_ADDRESS_HEADER] = address;
  req.headers[PEER_HEADER] = address === normalizeAddress(peer) && forwarded === undefined ? "direct" : "proxied";
  res.setHeader("X-Request-Id", requestId);
  for (const [name, value] of state.headers) res.setHeader(name, value);
  if (isEmbeddable(path)) res.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  if (kind === "page" && !isEmbeddable(path)) {
    const nonce = newNonce();
    const policy = pagePolicy(nonce, security);
    req.headers["content-security-policy"] = policy;
    req.headers["x-nonce"] = nonce;
    // Where the sign-in page leads back to.
    req.headers["x-seaworthy-path"] = req.url ?? "/";
    res.setHeader("Content-Security-Policy", policy);
  } else {
    res.setHeader("Content-Security-Policy", DATA_POLICY);
  }
  const raw = rawMethods(res);
  return { req, res, requestId, clientAddress: address, path, kind, startedAt: monotonicMs(), route: null, caller: null, isStream: false, raw, isTakenOver: false };
}

/** Liveness is answered here, so that it works before the framework and under any load. */
function isLiveness({ req, path }: Exchange): boolean {
  const isAsked = path === "/health/live" || (path === "/health" && !(req.url ?? "").includes("verbose"));
  return isAsked && (req.method === "GET" || req.method === "HEAD");
}

function answerLiveness({ req, res }: Exchange): void {
  const text = JSON.stringify(livenessDocument(systemClock()));
  res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text), "cache-control": "no-store" });
  res.end(req.method === "HEAD" ? undefined : text);
}

/** Charges what is no procedure and writes the limit headers. Resolves to the refusal when it is too often; null when nothing is charged here. */
function chargedRefusal(state: State, exchange: Exchange): Promise<Refusal | null> | null {
  const tier = tierOfPath(exchange.path);
  return tier === null || !state.options.charge ? null : chargeAs(tier, exchange, state.options.charge);
}

async function chargeAs(tier: RouteTier, exchange: Exchange, charge: Charge): Promise<Refusal | null> {
  const { headers, refusal } = await charge({ tier, address: exchange.clientAddress, isAlone: isLiveness(exchange) });
  headers.forEach((value, name) => exchange.res.setHeader(name, value));
  return refusal && { code: "limit", text: refusal.text, detail: { retryAfterSeconds: refusal.retryAfterSeconds } };
}

function refusalOf(state: State, exchange: Exchange): (Refusal & { reason: string }) | null {
  const { req, path, kind } = exchange;
  const methods = methodsOf(kind, state.options.security.isDev);
  if (!isPlainPath(path)) return { ...BAD_TARGET, reason: "target" };
  if (!methods.includes(req.method ?? "")) {
    return { code: "method_not_allowed", text: `This address answers ${methods.join(", ")}.`, allow: methods, reason: "method" };
  }
  const length = declaredLength(req);
  if (length !== null && length > bodyLimitOf(path, state.limits.bodyBytes)) return { ...TOO_LARGE, reason: "body" };
  const isCounted = kind === "api" || kind === "page";
  if (isCounted && state.admission.isFull()) return { ...BUSY, reason: "busy" };
  return null;
}

function turnDown(exchange: Exchange, refusal: Refusal, reason: string): void {
  instruments().httpRefused.inc({ reason });
  refuse(exchange, refusal);
}

/** Counts the exchange as work until its headers announce a stream or its answer is closed. */
function admit(state: State, exchange: Exchange): void {
  const isCounted = exchange.kind === "api" || exchange.kind === "page";
  const release = isCounted ? state.admission.begin() : () => undefined;
  // How long a file takes says how fast its sender's line is.
  exchange.res.once("close", () => release(!isUploadPath(exchange.path)));
  watchHeaders(exchange, () => {
    if (exchange.isStream) release(false);
    if (exchange.isStream && state.isDraining) setImmediate(() => endStream(exchange));
  });
}

async function handle(state: State, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const exchange = openExchange(state, req, res);
  const gauge = instruments().httpInFlight;
  state.open.add(exchange);
  gauge.inc();
  res.once("close", () => {
    state.open.delete(exchange);
    gauge.dec();
    recordExchange(exchange, state.options);
    if (state.isDraining) state.options.log.debug({ open: state.open.size }, "draining");
  });
  if (state.isDraining) res.setHeader("connection", "close");
  const refusal = isLiveness(exchange) ? null : refusalOf(state, exchange);
  if (refusal) return turnDown(exchange, refusal, refusal.reason);
  // Before anything is waited for: what arrives meanwhile must be counted.
  meterBody(req, bodyLimitOf(exchange.path, state.limits.bodyBytes), () => turnDown(exchange, TOO_LARGE, "body"));
  try {
    await serve(state, exchange);
  } catch (error) {
    // The entry point of HTTP: what the framework could not answer is answered and logged here.
    if (!exchange.isTakenOver) state.options.log.error({ err: error, requestId: exchange.requestId, path: exchange.path }, "request failed");
    refuse(exchange, FAILED);
  }
}

async function serve(state: State, exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  const charged = chargedRefusal(state, exchange);
  const tooOften = charged && (await charged);
  if (tooOften) return turnDown(exchange, tooOften, "limit");
  if (isLiveness(exchange)) return answerLiveness(exchange);
  admit(state, exchange);
  if (hasUnreadBody(req)) timeBody(req, isUploadPath(exchange.path) ? state.limits.uploadTimeoutMs : state.limits.requestTimeoutMs, () => turnDown(exchange, TOO_SLOW, "slow"));
  await compressAnswer(req, res);
  await state.options.handler(req, res);
}

async function drain(state: State, server: Server, timeoutMs: number): Promise<void> {
  state.isDraining = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const exchange of state.open) {
    if (exchange.isStream) endStream(exchange);
    else if (!exchange.res.headersSent) exchange.res.setHeader("connection", "close");
  }
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    state.closeSilent(DRAIN_SWEEP_MS);
  }, DRAIN_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  state.admission.close();
  clearInterval(sweep);
  clearTimeout(cut);
}

/** How often connections that became idle are closed while draining. */
const DRAIN_SWEEP_MS = 50;
/** A connection that said nothing for so long makes room when none is left. */
const SILENCE_MS = 1_000;

/** Makes the server; the caller lets it listen. */
export function createEdgeServer(options: EdgeOptions): EdgeServer {
  const limits = { ...EDGE_LIMITS, ...options.limits };
  const state: State = { options, limits, headers: Object.entries(securityHeaders(options.security)), open: new Set(), admission: createAdmission(limits.maxInFlight), isDraining: false, closeSilent: () => undefined };
  // Read before the first request, so that liveness never touches the disk.
  version();
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: limits.headersTimeoutMs,
      // The last resort; bodies are timed by the address they go to.
      requestTimeout: Math.max(limits.uploadTimeoutMs, limits.headersTimeoutMs),
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: CONNECTION_CHECK_MS,
    },
    (req, res) => void handle(state, req, res),
  );
  server.maxConnections = limits.maxConnections;
  state.closeSilent = trackSilence(server);
  // A full house shows idle guests out, so that new callers and probes are not kept waiting by sleeping sockets.
  server.on("drop", () => {
    server.closeIdleConnections();
    state.closeSilent(SILENCE_MS);
  });
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => {
    const path = (req.url ?? "/").split("?", 1)[0] ?? "/";
    if ((declaredLength(req) ?? 0) <= bodyLimitOf(path, limits.bodyBytes)) res.writeContinue();
    void handle(state, req, res);
  });
  return { server, drain: (timeoutMs) => drain(state, server, timeoutMs) };
}
