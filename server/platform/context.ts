/**
 * What every operation receives: `operation(ctx, input)`. The context carries the world (database, clock, network, log)
 * and the actor, so operations are plain functions and tests pass their own world instead of mocking ours.
 */
import type { Clock } from "./clock.ts";
import type { Db } from "./db.ts";
import type { Outbound } from "./http/outbound.ts";
import type { Logger } from "./logger.ts";
import type { Role } from "./permissions.ts";
import type { Received, UploadRule } from "./upload/define.ts";

/** Who acts. Every door (browser, key, job) becomes one of these, and the audit trail records it. */
export type Actor =
  | { kind: "anonymous" }
  | { kind: "user"; id: string; name: string; email: string; role: Role; sessionId: string; /** The console asks for a second factor that this person has not set up. */ owesSecondFactor?: true }
  | { kind: "apiKey"; id: string; name: string; ownerId: string; role: Role; scopes: readonly string[] }
  | { kind: "system"; name: string };

export type Context = {
  actor: Actor;
  /** The database, or the open transaction inside `inTransaction`. */
  db: Db;
  now: Clock;
  log: Logger;
  /** The guarded client: the only way out of the process. */
  http: Outbound;
  requestId: string;
  /** The caller's address as the edge established it; absent for jobs and the CLI. */
  clientAddress: string | null;
  /** Aborted when the caller goes away or the job's time is up. */
  signal?: AbortSignal;
  /** Inside `inTransaction`: what still has to run before the commit, in order. */
  beforeCommit?: (() => Promise<void>)[];
  /** True when the database is away and the caller is the one its last word named: only last known facts may be read. */
  isRemembered?: true;
  /** The file that this call brought, received and read before the procedure ran. */
  upload?: { rule: UploadRule; received: Received };
  /** Facts about the HTTP request that security checks need; absent for jobs, the CLI and server-side rendering. */
  request?: RequestFacts;
};

export type RequestFacts = {
  /** True when the caller proved itself by cookie and the request came from another site. */
  isCrossSite: boolean;
  userAgent: string | null;
  /** The Idempotency-Key header as it came. */
  idempotencyKey?: string | null;
  /** True when the call travels with others in one request. */
  isBatched?: boolean;
  /** The body of a REST upload, not yet read. */
  body?: ReadableStream<Uint8Array> | null;
  /** Collects headers that the answer must carry (limits, retry). */
  responseHeaders: Headers;
};

/** A name for the actor as people should read it. */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case "anonymous":
      return "anonymous";
    case "user":
      return actor.name;
    case "apiKey":
      return `key ${actor.name}`;
    case "system":
      return actor.name;
    default:
      return actor satisfies never;
  }
}

/** The id that the audit trail and limits key the actor by, if it has one. */
export function actorId(actor: Actor): string | null {
  return actor.kind === "user" || actor.kind === "apiKey" ? actor.id : null;
}
