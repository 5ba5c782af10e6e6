/**
 * The only way out of the process. Every hop of every call is parsed, resolved once, judged by the egress policy and
 * connected by address; redirects are followed here, never from https to http, and headers the caller set stay with the
 * origin they were meant for. Reading stops at the cap, waiting stops at the deadline, nothing is cached or kept open.
 */
import { monotonicMs, systemClock, type Clock } from "../clock.ts";
import { config, type Config } from "../config.ts";
import { Deadline } from "./deadline.ts";
import { dial, type Dialled } from "./dial.ts";
import { grantedNow } from "./egress-grants.ts";
import { createEgressPolicy, type EgressPolicy } from "./egress-policy.ts";
import { exchange, type ExchangeAnswer } from "./exchange.ts";
import { toOutboundError } from "./failures.ts";
import { OutboundError, type Outbound, type OutboundRequest, type OutboundResponse, type OutboundTimings, type ResolvedTarget } from "./outbound.ts";
import { nextHop, type Hop } from "./redirects.ts";
import { resolveChecked, sharedLookup, type Lookup } from "./resolver.ts";
import { parseTarget } from "./target-url.ts";

const USER_AGENT = "Seaworthy";
const REDIRECTS = 5;

export type OutboundOptions = {
  /** Entries of EGRESS_ALLOW. */
  allow?: readonly string[];
  /** Entries of the settings, as they are at the time of each call. */
  granted?: () => Promise<readonly string[]>;
  /** The console's own database and Redis, refused unless listed. */
  own?: readonly { host: string; port: number }[];
  /** Certificate authorities trusted beside the system's, PEM. */
  ca?: readonly string[];
  /** Asks for a name's addresses; the system's resolver by default. */
  lookup?: Lookup;
  now?: Clock;
};

type Guard = { policy: () => Promise<EgressPolicy>; lookup: Lookup; ca: readonly string[]; now: Clock };
type Spent = Omit<OutboundTimings, "totalMs">;

/** Adds a phase of one hop to the sum over all hops. */
const plus = (sum: number | null, part: number | null) => (part === null ? sum : (sum ?? 0) + part);

async function performHop(guard: Guard, call: { hop: Hop; request: OutboundRequest; deadline: Deadline; spent: Spent }) {
  const { hop, request, deadline, spent } = call;
  deadline.phase = "resolve";
  const policy = await deadline.race(guard.policy());
  const target = parseTarget(hop.url, policy);
  const started = monotonicMs();
  const targets = await deadline.race(resolveChecked(target, { policy, lookup: guard.lookup }));
  spent.resolveMs = plus(spent.resolveMs, monotonicMs() - started);
  deadline.phase = "connect";
  const tls = { ignoresErrors: request.ignoreCertificateErrors === true, now: guard.now, ca: guard.ca, alpn: ["http/1.1"] };
  const dialled = await dial(targets, { signal: deadline.signal, tls: target.isTls ? tls : undefined });
  spent.connectMs = plus(spent.connectMs, dialled.connectMs);
  spent.tlsMs = plus(spent.tlsMs, dialled.tlsMs);
  deadline.phase = "answer";
  const remoteAddress = dialled.socket.remoteAddress ?? targets[0]?.address ?? "";
  const answer = await exchange({
    socket: dialled.socket,
    url: target.url,
    method: hop.method,
    headers: { "user-agent": USER_AGENT, accept: "*/*", ...hop.headers },
    body: hop.body,
    maxBodyBytes: request.maxBodyBytes,
    keepsEncoding: request.keepsEncoding === true,
    signal: deadline.signal,
    skipsBody: (status, headers) => hop.redirectsLeft > 0 && status >= 300 && status < 400 && headers.location !== undefined,
    onHeaders: () => {
      deadline.phase = "body";
    },
  }).catch((error: unknown) => {
    throw withCertificate(toOutboundError(error), dialled);
  });
  spent.firstByteMs = plus(spent.firstByteMs, answer.firstByteMs);
  return { answer, dialled, target, remoteAddress };
}

const withCertificate = (error: OutboundError, dialled: Dialled) =>
  new OutboundError(error.failure, error.message, { cause: error.cause, certificate: dialled.certificate });

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function perform(guard: Guard, request: OutboundRequest): Promise<OutboundResponse> {
  const started = monotonicMs();
  const deadline = new Deadline(request.timeoutMs, request.signal);
  const spent: Spent = { resolveMs: null, connectMs: null, tlsMs: null, firstByteMs: null };
  const allowed = Math.min(request.maxRedirects ?? REDIRECTS, REDIRECTS);
  let hop: Hop = {
    url: request.url,
    method: request.method ?? "GET",
    headers: lowerCased(request.headers ?? {}),
    body: request.body ?? null,
    redirectsLeft: allowed,
  };
  try {
    for (;;) {
      const { answer, dialled, target, remoteAddress } = await performHop(guard, { hop, request, deadline, spent });
      const next = nextHop(hop, { from: target.url, status: answer.status, headers: answer.headers }, allowed);
      if (next) {
        hop = next;
        continue;
      }
      return finalAnswer(answer, {
        finalUrl: target.url.href,
        redirects: allowed - hop.redirectsLeft,
        remoteAddress,
        timings: { ...spent, totalMs: monotonicMs() - started },
        certificate: dialled.certificate,
      });
    }
  } catch (error) {
    throw toOutboundError(error);
  } finally {
    deadline.end();
  }
}

function finalAnswer(answer: ExchangeAnswer, facts: Pick<OutboundResponse, "finalUrl" | "redirects" | "remoteAddress" | "timings" | "certificate">): OutboundResponse {
  return { status: answer.status, headers: answer.headers, body: answer.body, isTruncated: answer.isTruncated, ...facts };
}

async function resolveFirst(guard: Guard, to: { host: string; port: number }, signal?: AbortSignal): Promise<ResolvedTarget> {
  signal?.throwIfAborted();
  const targets = await resolveChecked(to, { policy: await guard.policy(), lookup: guard.lookup });
  const first = targets[0];
  if (!first) throw new OutboundError("dns", `${to.host} has no address`);
  return first;
}

/** The policy in force; built again only when the entries of the settings are others. */
function policyOver({ allow = [], own, granted }: OutboundOptions): Guard["policy"] {
  let entries: readonly string[] = [];
  let policy = createEgressPolicy({ allow, own });
  return async () => {
    const now = (await granted?.()) ?? entries;
    if (now !== entries) policy = createEgressPolicy({ allow, own, granted: now });
    entries = now;
    return policy;
  };
}

/** Builds a guarded client. Throws when an entry of `allow` cannot be read. */
export function createOutbound(options: OutboundOptions = {}): Outbound {
  const guard: Guard = {
    policy: policyOver(options),
    lookup: sharedLookup(options.lookup),
    ca: options.ca ?? [],
    now: options.now ?? systemClock,
  };
  return {
    request: (request) => perform(guard, request),
    resolve: (host, port, signal) => resolveFirst(guard, { host, port }, signal),
  };
}

/** The console's own database and Redis, as far as their addresses are written in the environment. */
function ownEndpoints(values: Config): { host: string; port: number }[] {
  return [[values.DATABASE_URL, 5432] as const, [values.REDIS_URL, 6379] as const].flatMap(([address, port]) => {
    if (!address || !URL.canParse(address)) return [];
    const url = new URL(address);
    return [{ host: url.hostname, port: url.port === "" ? port : Number(url.port) }];
  });
}

const holder = globalThis as { seaworthyOutbound?: Outbound };

/** The process's guarded client, with EGRESS_ALLOW from the environment and what the settings add to it. */
export function outbound(): Outbound {
  const values = config();
  const granted = values.EGRESS_LOCKED ? undefined : grantedNow;
  holder.seaworthyOutbound ??= createOutbound({ allow: values.EGRESS_ALLOW, own: ownEndpoints(values), granted });
  return holder.seaworthyOutbound;
}
