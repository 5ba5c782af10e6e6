/**
 * What the probes of other protocols share: one deadline over resolving, connecting and talking, and a socket to a
 * checked address that is destroyed when the probe is over.
 */
import type { Socket } from "node:net";
import { monotonicMs } from "../../platform/clock.ts";
import { Deadline } from "../../platform/http/deadline.ts";
import { dial } from "../../platform/http/dial.ts";
import { OutboundError, type ResolvedTarget } from "../../platform/http/outbound.ts";
import type { ProbeLimits, ProbeWorld, ReadingTimings } from "./reading.ts";

export type Session = { deadline: Deadline; target: ResolvedTarget; timings: ReadingTimings; elapsedMs: () => number };

/** Resolves and checks `to`, runs `talk` within the deadline. Throws OutboundError. */
export async function withTarget<T>(
  world: ProbeWorld,
  to: { host: string; port: number; limits: ProbeLimits },
  talk: (session: Session) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(to.limits.timeoutMs, to.limits.signal);
  const started = monotonicMs();
  const elapsedMs = () => monotonicMs() - started;
  try {
    const target = await deadline.race(world.http.resolve(to.host, to.port, deadline.signal));
    deadline.phase = "connect";
    const timings: ReadingTimings = { resolveMs: elapsedMs(), connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 };
    const result = await talk({ deadline, target, timings, elapsedMs });
    timings.totalMs = elapsedMs();
    return result;
  } finally {
    deadline.end();
  }
}

/** Connects (with TLS when asked) and notes the phases. The caller destroys the socket. */
export async function openSocket(session: Session, world: ProbeWorld, options: { tls: boolean }): Promise<Socket> {
  const dialled = await dial([session.target], {
    signal: session.deadline.signal,
    tls: options.tls ? { ignoresErrors: false, now: world.now } : undefined,
  });
  session.timings.connectMs = dialled.connectMs;
  session.timings.tlsMs = dialled.tlsMs;
  session.deadline.phase = "answer";
  return dialled.socket;
}

/** A target spoke, but not as it should; the message is shown. */
export const unexpected = (message: string): OutboundError => new OutboundError("protocol", message);
