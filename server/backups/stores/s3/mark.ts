/**
 * Whose object lies under a name? An answer can be lost after the store has done the work: the next try then meets its own
 * object, or the caller hears of a failure that was none. So every upload carries a mark, and the store is asked for it.
 */
import { randomBytes } from "node:crypto";
import { AppError } from "../../../platform/errors.ts";
import { isRefused, type S3Client } from "./client.ts";

const MARK_HEADER = "x-amz-meta-seaworthy-upload";
const MARK_BYTES = 16;
const NOT_FOUND = 404;

/** The headers that mark one upload. */
export const newMark = (): Record<string, string> => ({ [MARK_HEADER]: randomBytes(MARK_BYTES).toString("hex") });

type Failed = { key: string; mark: Record<string, string>; signal?: AbortSignal; error: unknown };

/** Asks once, whatever the signal says: whoever waits for the end of a failure must not wait for a store that is away. */
async function isOurs(client: S3Client, { key, mark, error }: Failed): Promise<boolean> {
  try {
    const found = await client.call({ method: "HEAD", key, accepts: [NOT_FOUND], isTriedOnce: true });
    return found.status !== NOT_FOUND && found.headers[MARK_HEADER] === mark[MARK_HEADER];
  } catch {
    // The failure that led here is the one to tell; that its outcome is not known belongs to it.
    if (!(error instanceof AppError) || isRefused(error)) throw error;
    throw new AppError(error.code, `${error.message} Whether ${key} was stored all the same could not be asked.`, { cause: error });
  }
}

/** Resolves when the object is there, whole and ours, in spite of the failure. Throws the failure otherwise; what is ours and not wanted any more is removed. */
async function settle(client: S3Client, failed: Failed): Promise<void> {
  const isThere = await isOurs(client, failed);
  if (isThere && !failed.signal?.aborted) return;
  if (isThere) await client.call({ method: "DELETE", key: failed.key, accepts: [NOT_FOUND] });
  throw failed.error;
}

/** Makes the call by which a marked object appears, and holds on to its outcome: the object is there and wanted, or it is gone. */
export async function land(client: S3Client, given: Omit<Failed, "error">, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
    given.signal?.throwIfAborted();
  } catch (error) {
    await settle(client, { ...given, error });
  }
}
