/** The database may start together with the console, or a moment later: its first connection is tried three times. */
import { SECOND_MS } from "../platform/clock.ts";
import { isConnectionLoss } from "../platform/breaker/connection-loss.ts";
import { RETRY } from "../platform/retry/policy.ts";
import { retrying } from "../platform/retry/retry.ts";
import { complain } from "./progress.ts";

/** What `work` resolves to; it is begun again only while no connection can be made. */
export function withFirstConnect<T>(work: () => Promise<T>): Promise<T> {
  const onRetry = (_error: unknown, pauseMs: number) => complain(`The database does not answer yet; trying again in ${pauseMs / SECOND_MS} s.`);
  return retrying({ policy: RETRY.databaseFirstConnect, isTransient: isConnectionLoss, onRetry }, work);
}
