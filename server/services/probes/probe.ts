/**
 * Measures any check once and always comes back with a reading. What the target did wrong is `down`; what we could not
 * do (policy, our network, our name server, a stalled process) is `unknown`, which never counts against the target.
 */
import { monotonicMs } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import { toOutboundError } from "../../platform/http/failures.ts";
import { OutboundError } from "../../platform/http/outbound.ts";
import { isUnknownName } from "../../platform/http/resolver.ts";
import type { CheckConfig, CheckKind } from "../check-config.ts";
import { probeHeartbeat } from "./heartbeat.ts";
import { probeHttp } from "./http.ts";
import { probePostgres } from "./postgres.ts";
import { noAnswer, type Probe, type ProbeLimits, type ProbeWorld, type Reading, type Verdict } from "./reading.ts";
import { probeRedis } from "./redis.ts";
import { probeSelf } from "./self.ts";
import { probeTcp } from "./tcp.ts";

export type { ProbeLimits, ProbeWorld, Reading, SelfReport } from "./reading.ts";

const PROBES: { [Kind in CheckKind]: Probe<Extract<CheckConfig, { kind: Kind }>> } = {
  http: probeHttp,
  tcp: probeTcp,
  postgres: probePostgres,
  redis: probeRedis,
  heartbeat: probeHeartbeat,
  self: probeSelf,
};

/** A timer this late means that the process was stalled, so answers may have waited unread. */
const STALL_MS = 250;

/** Codes of the system's own trouble: no route out of this machine, no sockets, no permission. */
const OUR_CODES = new Set(["ENETUNREACH", "EADDRNOTAVAIL", "EMFILE", "ENFILE", "EACCES", "EPERM"]);

function verdictOfFailure(error: OutboundError): Verdict {
  switch (error.failure) {
    case "blocked":
    case "aborted":
      return "unknown";
    case "dns":
      return isUnknownName(error) ? "down" : "unknown";
    case "unreachable":
      return OUR_CODES.has((error.cause as { code?: string } | undefined)?.code ?? "") ? "unknown" : "down";
    case "refused":
    case "reset":
    case "timeout":
    case "certificate":
    case "redirects":
    case "protocol":
      return "down";
    default:
      return error.failure satisfies never;
  }
}

function readingOfFailure(error: OutboundError, lateMs: number): Reading {
  if (error.failure === "timeout" && lateMs > STALL_MS) {
    return noAnswer("unknown", `this worker was stalled for ${Math.round(lateMs)} ms, so the missing answer proves nothing`);
  }
  const reading = noAnswer(verdictOfFailure(error), error.message);
  return error.certificate ? { ...reading, certificateExpiresAt: error.certificate.validTo } : reading;
}

/** True for refusals of the guarded client and for errors of the system's sockets (ECONNRESET and its like). */
const isNetworkFault = (error: unknown): boolean => error instanceof OutboundError || /^E[A-Z]+$/.test((error as { code?: string } | null)?.code ?? "");

/** Measures once within `timeoutMs`. Never throws and never returns later than the limit plus a scheduling delay. */
export async function runProbe(world: ProbeWorld, config: CheckConfig, limits: ProbeLimits): Promise<Reading> {
  const started = monotonicMs();
  try {
    const probe = PROBES[config.kind] as Probe<CheckConfig>;
    return await probe(world, config, limits);
  } catch (error) {
    if (isNetworkFault(error)) return readingOfFailure(toOutboundError(error), monotonicMs() - started - limits.timeoutMs);
    // Our own refusals are written for operators: a pattern that is not RE2, a key that is gone.
    if (error instanceof AppError) return noAnswer("unknown", error.message);
    const name = error instanceof Error ? error.name : "unknown error";
    return noAnswer("unknown", `the console could not run this check (${name})`);
  }
}
