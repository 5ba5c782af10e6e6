/**
 * The world of a test, in place of mocks of our own code: a context with a chosen actor, a clock that moves by hand, a
 * silent log and a network that refuses every call unless the test passes its own.
 */
import { systemClock, type Clock } from "../clock.ts";
import type { Actor, Context } from "../context.ts";
import type { Db } from "../db.ts";
import { OutboundError, type Outbound } from "../http/outbound.ts";
import { createLogger } from "../logger.ts";
import type { Role } from "../permissions.ts";

/** Refuses every call, so a test cannot reach the network by accident. */
export const closedNetwork: Outbound = {
  request: ({ url }) => Promise.reject(new OutboundError("blocked", `The test did not open the network for ${url}.`)),
  resolve: (host) => Promise.reject(new OutboundError("blocked", `The test did not open the network for ${host}.`)),
};

const silentLog = createLogger({ level: "silent", write: () => undefined });

/** A caller of each kind; users are named after their role: `usr_test_editor`. */
export function asActor(kind: Role | "anonymous" | "system"): Actor {
  if (kind === "anonymous") return { kind };
  if (kind === "system") return { kind, name: "test" };
  return { kind: "user", id: `usr_test_${kind}`, name: `Test ${kind}`, email: `${kind}@example.com`, role: kind, sessionId: `ses_test_${kind}` };
}

/** What a test may choose; `db` is required because most operations read or write. */
export type TestWorld = Partial<Omit<Context, "db">> & { db: Db };

/** A context for one operation. By default an admin acts, now, without a network. */
export function testContext(world: TestWorld): Context {
  return {
    actor: asActor("admin"),
    now: systemClock,
    log: silentLog,
    http: closedNetwork,
    requestId: "req_test",
    clientAddress: "127.0.0.1",
    ...world,
  };
}

/** A clock that only moves when told. */
export type ManualClock = Clock & {
  /** Moves by this many milliseconds; negative steps back, as real clocks do. */
  advance: (ms: number) => void;
  set: (time: Date | string) => void;
};

/** A clock that stands at `start` (default 2027-01-15T12:00:00Z) until it is moved. */
export function manualClock(start: Date | string = "2027-01-15T12:00:00Z"): ManualClock {
  let time = new Date(start).getTime();
  const clock = () => new Date(time);
  return Object.assign(clock, {
    advance: (ms: number) => {
      time += ms;
    },
    set: (next: Date | string) => {
      time = new Date(next).getTime();
    },
  });
}
