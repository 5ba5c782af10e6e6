/** The world of work that no request asked for: the launcher, the command line, a worker's loops. */
import { systemClock } from "./clock.ts";
import type { Context } from "./context.ts";
import { database } from "./db.ts";
import { outbound } from "./http/guarded.ts";
import { newId } from "./ids.ts";
import { logger } from "./logger.ts";

/** A context in which the product itself acts; `name` is what the audit trail shows. */
export function systemContext(name: string): Context {
  const requestId = newId("req", systemClock());
  return {
    actor: { kind: "system", name },
    db: database().client,
    now: systemClock,
    log: logger().child({ requestId, by: name }),
    http: outbound(),
    requestId,
    clientAddress: null,
  };
}
