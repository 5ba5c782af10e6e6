/**
 * The only way to make a procedure: `may(permission, rules)`. The rules are required by type, so a procedure without a
 * role, a limit tier and a REST route does not compile. Around every call, in this order: timing, error mapping,
 * cross-site refusal, permission, batch rule, limit (once per procedure call, also inside a batch), idempotency of creates.
 */
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { isConnectionLoss } from "./breaker/connection-loss.ts";
import { databaseAway } from "./breaker/database-guard.ts";
import type { Context } from "./context.ts";
import { AppError, HTTP_STATUS, toAppError, type ErrorCode } from "./errors.ts";
import { takeTurn, type Once } from "./idempotency/once.ts";
import { hashInput, idempotencyKeyOf, ownerOf } from "./idempotency/request.ts";
import { chargeLimit, chargeRefusals } from "./limiter/charge.ts";
import type { Tier } from "./limiter/tiers.ts";
import { observeProcedure } from "./metrics/observe.ts";
import { assertMay, scopeOf, type Access, type Permission } from "./permissions.ts";
import { assertReachable, bend } from "./snapshot/bend.ts";
import type { Audience } from "./snapshot/last-known.ts";
import type { UploadRule } from "./upload/define.ts";
import { receiveUpload } from "./upload/receive.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a procedure declares beside its permission. */
export type Rules = {
  /** The least role that may call it; `public` for callers without a sign-in. */
  access: Access;
  tier: Tier;
  /** True for what cannot be taken back: it is counted in the database while the shared store of limits is away. */
  isDestructive?: boolean;
  /** True for what adds a row: sent again with the same Idempotency-Key, it is done once and answered alike. */
  isCreate?: boolean;
  /** For a mutation that takes a file. It is charged before the file is received, and again when it is repeated. */
  upload?: UploadRule;
  /** False for what must be sent alone. The tier `auth` and destructive calls never travel in a batch. */
  isBatchable?: boolean;
  /** True for what people may call while they owe a second factor: setting one up. */
  isEnrolment?: boolean;
  /** For a read that pages need: its last good answer is kept, for the role or the one caller, and shown while the database is away. */
  lastKnown?: Audience;
  /** Method and path under /api/v1, e.g. `GET /services/{id}`; null only for subscriptions, which REST has not. */
  rest: `${Method} /${string}` | null;
  /** One line for the API documentation, imperative. */
  summary: string;
};

/** Where REST serves a procedure, and how its document names it. */
export type RestRoute = { method: Method; path: `/${string}`; summary: string; tags: string[]; protect: boolean };

export type ProcedureMeta = { permission: Permission; rules: Rules; openapi?: RestRoute };

/** The tRPC name of each code. */
export const TRPC_CODE: Record<ErrorCode, TRPCError["code"]> = {
  not_found: "NOT_FOUND",
  invalid: "BAD_REQUEST",
  unauthorized: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  conflict: "CONFLICT",
  precondition: "PRECONDITION_FAILED",
  mismatch: "UNPROCESSABLE_CONTENT",
  limit: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
  internal: "INTERNAL_SERVER_ERROR",
};

/** Seconds between comments on an idle subscription, well under the usual proxy timeout of 60. */
const SSE_PING_MS = 15_000;
/** A subscription is cut after this long; the page comes back at once and must prove again who it is. */
const SSE_MAX_DURATION_MS = 10 * 60_000;

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    sse: { maxDurationMs: SSE_MAX_DURATION_MS, ping: { enabled: true, intervalMs: SSE_PING_MS }, client: { reconnectAfterInactivityMs: 2 * SSE_PING_MS + 5_000 } },
    errorFormatter: ({ shape, error, ctx }) => {
      const cause = error.cause instanceof AppError ? error.cause : null;
      return {
        message: shape.message,
        code: shape.code,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          error: cause?.code ?? (error.code === "BAD_REQUEST" ? "invalid" : null),
          fields: cause?.detail.fields ?? null,
          retryAfterSeconds: cause?.detail.retryAfterSeconds ?? null,
          requestId: ctx?.requestId ?? null,
        },
      };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Maps anything thrown to a TRPCError whose cause is an AppError; logs what was not expected. */
function mapError(ctx: Context, path: string, error: TRPCError): TRPCError {
  const original = error.cause ?? error;
  if (!(original instanceof AppError) && error.code === "BAD_REQUEST") return invalidInput(error);
  if (original instanceof TRPCError) return original;
  const mapped = isConnectionLoss(original) ? databaseAway(original) : toAppError(original);
  if (HTTP_STATUS[mapped.code] >= 500) ctx.log.error({ err: mapped.cause ?? mapped, procedure: path }, "procedure failed");
  return new TRPCError({ code: TRPC_CODE[mapped.code], message: mapped.message, cause: mapped });
}

/** Turns zod's issues into one public sentence per field. */
function invalidInput(error: TRPCError): TRPCError {
  const issues = (error.cause as { issues?: { path: PropertyKey[]; message: string }[] } | undefined)?.issues ?? [];
  const fields = Object.fromEntries(issues.map((issue) => [issue.path.map(String).join(".") || "input", issue.message]));
  const first = Object.entries(fields)[0];
  const message = first ? `${first[0]}: ${first[1]}` : error.message;
  const cause = new AppError("invalid", message, { cause: error.cause, detail: { fields } });
  return new TRPCError({ code: "BAD_REQUEST", message, cause });
}

/** True when the call may share its request with others. */
export function mayTravel(rules: Rules): boolean {
  return rules.isBatchable !== false && rules.upload === undefined && rules.tier !== "auth" && rules.isDestructive !== true;
}

/** An upload was charged before its file was received. */
const charged = () => Promise.resolve();

type Call = { ctx: Context; meta: ProcedureMeta | undefined; path: string; type: "query" | "mutation" | "subscription"; getRawInput: () => Promise<unknown> };

/** Refuses what may not be done and charges what may. Returns the turn of a create that came with an Idempotency-Key. */
async function admit({ ctx, meta, path, type, getRawInput }: Call): Promise<Once | null> {
  if (!meta) throw new AppError("forbidden", "This procedure declares no permission.");
  const { rules, permission } = meta;
  if (ctx.request?.isCrossSite && type === "mutation") throw new AppError("forbidden", "Cross-site requests may not change anything.");
  await chargeRefusals(ctx, () => assertMay(ctx.actor, { access: rules.access, scope: scopeOf(permission, type), isEnrolment: rules.isEnrolment }));
  if (type === "mutation") assertReachable(ctx);
  if (ctx.request?.isBatched && !mayTravel(rules)) throw new AppError("invalid", "Send this call alone, not in a batch. Nothing was done.");
  const key = rules.isCreate ? idempotencyKeyOf(ctx) : null;
  const asWork = () => chargeLimit(ctx, rules);
  if (key === null || rules.upload) await asWork();
  const file = rules.upload ? await receiveUpload(ctx, rules.upload, await getRawInput()) : null;
  if (key === null) return null;
  const input = await getRawInput();
  const wanted = { caller: ownerOf(ctx), procedure: path, key, requestHash: hashInput(file === null ? input : { input, file }) };
  const charges = file === null ? { asRepetition: () => chargeLimit(ctx, { tier: "read" }), asWork } : { asRepetition: charged, asWork: charged };
  return takeTurn(ctx, wanted, charges);
}

const guarded = t.procedure.use(async (call) => {
  const { ctx, path, type, next } = call;
  const startedAt = performance.now();
  let code: ErrorCode | "ok" = "ok";
  try {
    const once = await admit(call);
    const work = (inner: Context) => next({ ctx: inner });
    // Of a finished call the library looks at nothing but `ok` and `data`.
    if (once?.kind === "answered") return { ok: true, data: once.data } as Awaited<ReturnType<typeof work>>;
    const bending = { ctx, path, type, keeps: call.meta?.rules.lastKnown, input: call.getRawInput };
    const result = await bend(bending, async () => (once ? once.run(work) : work(ctx)));
    if (!result.ok) throw result.error;
    return result;
  } catch (error) {
    const mapped = mapError(ctx, path, error instanceof TRPCError ? error : new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error }));
    code = mapped.cause instanceof AppError ? mapped.cause.code : "internal";
    throw mapped;
  } finally {
    observeProcedure({ path, type, code, durationMs: performance.now() - startedAt });
  }
});

type Schema = { parse: (value: unknown) => unknown; parseAsync: (value: unknown) => Promise<unknown> };
type Builder = Record<"input" | "output", (schema: Schema) => Builder>;

/**
 * zod checks objects by functions that it compiles, but only when it is asked at once, and the library always asks the
 * waiting way: five times the work for a list. No schema here waits for anything; one that did would throw at once.
 */
function askedAtOnce<B>(builder: B): B {
  const { input, output } = builder as unknown as Builder;
  const hurry = (schema: Schema) => Object.assign(schema, { parseAsync: async (value: unknown) => schema.parse(value) });
  const steps: Builder = { input: (schema) => askedAtOnce(input(hurry(schema))), output: (schema) => askedAtOnce(output(hurry(schema))) };
  return Object.assign(builder as object, steps) as B;
}

/** Starts a procedure. Give it `.input`, `.output` (both zod) and `.query` or `.mutation`. */
export function may(permission: Permission, rules: Rules) {
  const [method, path] = (rules.rest?.split(" ") ?? []) as [Method, `/${string}`];
  const openapi: RestRoute | undefined = rules.rest
    ? { method, path, summary: rules.summary, tags: [permission.slice(0, permission.indexOf(":"))], protect: rules.access !== "public" }
    : undefined;
  return askedAtOnce(guarded.meta({ permission, rules, openapi }));
}
