/** What a failed call says about itself, read from the error shape that server/platform/trpc.ts sends. */

type Shape = { code?: string; error?: string | null; httpStatus?: number; requestId?: string | null; fields?: Record<string, string> | null };

const shapeOf = (error: unknown): Shape | null => (error as { data?: Shape } | null)?.data ?? null;

export type Failure = { message: string; requestId: string | null; code: string | null; fields: Record<string, string> };

/** The sentence, request id and field problems of a failed call; `code` is null when the console did not answer at all. */
export function describeFailure(error: unknown): Failure {
  const shape = shapeOf(error);
  if (shape === null) return { message: "The console does not answer. Check that it is running; this page tries again by itself.", requestId: null, code: null, fields: {} };
  const message = error instanceof Error ? error.message : "Something went wrong.";
  return { message, requestId: shape.requestId ?? null, code: shape.error ?? shape.code ?? null, fields: shape.fields ?? {} };
}

/** True when the session ended or never was. */
export function isSignedOut(error: unknown): boolean {
  return shapeOf(error)?.httpStatus === 401;
}

/** True when trying again may help: no answer, or the server is unwell. Refusals are final. */
export function isTransient(error: unknown): boolean {
  const status = shapeOf(error)?.httpStatus;
  return status === undefined || status >= 500;
}
