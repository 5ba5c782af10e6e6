/**
 * Words of the module. A connection leads to a queue system: the console's own, or one that the team runs. A queue holds
 * jobs (messages, with a broker); `{ connection, queue }` names it. A job is waiting (may start now), delayed (may start
 * later, also between two attempts), active (running), completed, failed (its last attempt failed) or dead (a letter that
 * waits for a person; a failed job of the own queue has one until it is retried or discarded). Depth = waiting + delayed +
 * active: what is still to be done. Lower priority numbers run first: high 1, normal 5, low 10. Redrive sends a dead letter
 * back to the queue it came from. Ages and durations are milliseconds, rates 0 to 1. Isomorphic.
 */
export * from "./acting.ts";
export * from "./bulk.ts";
export * from "./connections.ts";
export * from "./jobs.ts";
export * from "./operations.ts";
export * from "./queues.ts";
