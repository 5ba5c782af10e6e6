/**
 * The one error document of HTTP: RFC 9457 problem details, with our code, the request id and, where they help,
 * problems by field and seconds to wait. `error`, `message` and `retryAfter` repeat it for clients of older habits.
 */
import { HTTP_STATUS, type ErrorCode, type ErrorDetail } from "../errors.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** Codes of refusals that HTTP itself makes, beside those of AppError. */
export type ProblemCode = ErrorCode | "method_not_allowed" | "too_large" | "unsupported_media_type" | "timeout";

const HTTP_ONLY: Record<Exclude<ProblemCode, ErrorCode>, number> = {
  method_not_allowed: 405,
  timeout: 408,
  too_large: 413,
  unsupported_media_type: 415,
};

const TITLES: Record<ProblemCode, string> = {
  not_found: "Not found",
  invalid: "Invalid input",
  unauthorized: "Not signed in",
  forbidden: "Not allowed",
  conflict: "Conflict",
  precondition: "Precondition failed",
  mismatch: "Another request under the same key",
  limit: "Too many requests",
  unavailable: "Unavailable",
  internal: "Internal error",
  method_not_allowed: "Method not allowed",
  timeout: "Request took too long",
  too_large: "Request too large",
  unsupported_media_type: "Unsupported media type",
};

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  requestId: string;
  fields?: Record<string, string>;
  retryAfter?: number;
  error: string;
  message: string;
};

/** HTTP status of a code. */
export function statusOf(code: ProblemCode): number {
  return code in HTTP_STATUS ? HTTP_STATUS[code as ErrorCode] : HTTP_ONLY[code as Exclude<ProblemCode, ErrorCode>];
}

/** Builds the document. `text` is public. */
export function problem(code: ProblemCode, text: string, about: { requestId: string; detail?: ErrorDetail }): Problem {
  const retryAfter = about.detail?.retryAfterSeconds;
  return {
    type: `urn:seaworthy:problem:${code}`,
    title: TITLES[code],
    status: statusOf(code),
    detail: text,
    code,
    requestId: about.requestId,
    ...(about.detail?.fields ? { fields: about.detail.fields } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    error: code,
    message: text,
  };
}

/** The document as an answer, with Retry-After when it says how long to wait. */
export function problemResponse(body: Problem, headers: Headers = new Headers()): Response {
  headers.set("content-type", PROBLEM_TYPE);
  headers.set("cache-control", "no-store");
  if (body.retryAfter !== undefined) headers.set("retry-after", String(body.retryAfter));
  return new Response(JSON.stringify(body), { status: body.status, headers });
}
