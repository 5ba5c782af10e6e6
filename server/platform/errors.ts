/**
 * The one error class of the product. Thrown in modules, never caught there, mapped once per entry point
 * (tRPC, REST, jobs, CLI). Its message is public: write it for the person who will read it, say what happened,
 * what was kept and what to do. Anything else that is thrown leaves as "Something went wrong" with the request id.
 */

export const ERROR_CODES = [
  "not_found",
  "invalid",
  "unauthorized",
  "forbidden",
  "conflict",
  "precondition",
  "mismatch",
  "limit",
  "unavailable",
  "internal",
] as const;

/** Every way in which an operation may refuse. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Facts beside the message that entry points may show: field problems, seconds to wait. */
export type ErrorDetail = {
  /** Problems by input path, e.g. `{ "config.url": "Must be an http or https address" }`. */
  fields?: Record<string, string>;
  /** Whole seconds after which a retry may succeed. */
  retryAfterSeconds?: number;
};

/** The server and the framework's bundle load this file apart and share objects, so the class is known by a mark. */
const MARK = Symbol.for("seaworthy.AppError");

export class AppError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && MARK in value;
  }

  readonly [MARK] = true;
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, publicMessage: string, options: { cause?: unknown; detail?: ErrorDetail } = {}) {
    super(publicMessage, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

/** HTTP status for each code (RFC 9110; 429 from RFC 6585). */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  not_found: 404,
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  conflict: 409,
  precondition: 412,
  mismatch: 422,
  limit: 429,
  unavailable: 503,
  internal: 500,
};

/** The only text an unexpected error may show. */
export const UNKNOWN_ERROR_MESSAGE = "Something went wrong. The problem was logged under this request id.";

/** Returns the error itself when it is ours, else an `internal` one that hides the cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("internal", UNKNOWN_ERROR_MESSAGE, { cause: error });
}
