/**
 * How the browser keeps server state: one QueryClient a tab (one a request on the server). Errors are told once, here:
 * failed changes and failed background refreshes as a toast with the request id; a lost sign-in leads to the sign-in page.
 */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { describeError } from "../data/describe-error.ts";
import { isPaused } from "../shell/live-state.ts";
import { toast } from "../shell/toast.ts";
import { isSignedOut, isTransient } from "./failure.ts";
import { pack, unpack } from "./packed.ts";

/** Live events invalidate sooner; this only spares a second fetch of what the server has just rendered. */
const STALE_MS = 15_000;
/** Last known facts stay on screen this long after their page was left. */
const KEPT_MS = 30 * 60_000;
const MAX_RETRIES = 1;

function leaveForSignIn(): void {
  const here = window.location.pathname + window.location.search;
  if (!window.location.pathname.startsWith("/sign-in")) window.location.assign(`/sign-in?callbackUrl=${encodeURIComponent(here)}`);
}

/** Tells people what failed; the toast's id makes a burst of equal failures one toast. */
function tell(error: unknown, title: string, id: string): void {
  if (typeof window === "undefined") return;
  if (isSignedOut(error)) return leaveForSignIn();
  const { message, requestId } = describeError(error);
  toast({ id, tone: "fail", title, message, requestId });
}

/** One toast for an outage, not one a query and refresh: told at the first failure, armed again by the next success. */
function refreshWatch(): QueryCache {
  let isFailing = false;
  return new QueryCache({
    onError: (error, query) => {
      if (isSignedOut(error)) return tell(error, "", "refresh");
      // The first load's failure is shown in place by the page; what is on screen already stays, so say that.
      if (query.meta?.quiet === true || query.state.data === undefined || isFailing) return;
      isFailing = true;
      tell(error, "Not refreshed; you see the last known facts", "refresh");
    },
    onSuccess: () => {
      isFailing = false;
    },
  });
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: refreshWatch(),
    mutationCache: new MutationCache({
      onError: (error, ...[, , mutation]) => {
        if (mutation.meta?.quiet !== true || isSignedOut(error)) tell(error, "Nothing was changed", `mutation-${mutation.mutationId}`);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        gcTime: KEPT_MS,
        networkMode: "always",
        retry: (count, error) => !isPaused() && count < MAX_RETRIES && isTransient(error),
      },
      mutations: { networkMode: "always", retry: false },
      dehydrate: {
        serializeData: pack,
        // What is not there when the page is drawn is fetched by the browser: both then draw the same skeleton.
        shouldDehydrateQuery: (query) => query.state.status === "success",
      },
      hydrate: { deserializeData: unpack },
    },
  });
}
