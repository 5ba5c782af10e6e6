/** Two questions about a failed call, answered from the error shape that server/platform/trpc.ts sends. */

const statusOf = (error: unknown): number | undefined => (error as { data?: { httpStatus?: number } } | null)?.data?.httpStatus;

/** True when the session ended or never was. */
export function isSignedOut(error: unknown): boolean {
  return statusOf(error) === 401;
}

/** True when trying again may help: no answer, or the server is unwell. Refusals are final. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500;
}
