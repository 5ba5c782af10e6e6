/**
 * Server-rendered pages call procedures in this process, with the caller's own rights and no HTTP between:
 * `await prefetch(trpc.services.list.queryOptions({}))`, then `<HydrateClient>` around the view.
 */
import "server-only";
import { dehydrate, hashKey, HydrationBoundary, type FetchInfiniteQueryOptions, type FetchQueryOptions, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import { isDatabaseAway, whileDatabaseAnswers } from "../../server/platform/breaker/database-guard.ts";
import { getSetupState } from "../../server/access/queries/index.ts";
import { contextFromRequest } from "../../server/platform/edge/context.ts";
import { liveHub } from "../../server/platform/live/hub.ts";
import { appRouter, createCaller } from "../../server/root.ts";
import { makeQueryClient } from "./query-client.ts";

/** The page waits this long for its facts, behind its skeleton; the browser asks for what takes longer. */
const PATIENCE_MS = 4_000;

/** Pages are for people: an API key sent with one counts for nothing, good or bad. */
async function pageHeaders(): Promise<Headers> {
  const copy = new Headers(await headers());
  for (const name of ["authorization", "x-api-key"]) copy.delete(name);
  return copy;
}

/** The caller's context, made once a request. */
export const requestContext = cache(async () => contextFromRequest({ headers: await pageHeaders() }));

/** Where live events have to resume from for a page whose facts are read after this. */
export const liveNow = (): string => liveHub().now;

/** What `work` resolves to, or null when the database is away: the one failure that has a page of its own. */
export async function unlessAway<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (isDatabaseAway(error)) return null;
    throw error;
  }
}

/**
 * Whether the first administrator is missing, for pages in front of the sign-in. Their visits are charged as pages; as
 * calls of a procedure too, a hundred people behind one address would be shut out of the page where they sign in.
 */
export const setupState = cache(async () => {
  const context = await requestContext();
  return whileDatabaseAnswers(() => getSetupState(context));
});

const getQueryClient = cache(makeQueryClient);

export const trpc = createTRPCOptionsProxy({ ctx: requestContext, router: appRouter, queryClient: getQueryClient });

/** Calls procedures directly, for layouts that need an answer and not a cache entry. */
export const serverCaller = cache(async () => createCaller(await requestContext()));

/** Options made by `trpc.….queryOptions()` or `.infiniteQueryOptions()`; the latter carry `initialPageParam`. */
type Prefetchable = { queryKey: QueryKey; initialPageParam?: unknown };

function start(client: QueryClient, options: Prefetchable): Promise<void> {
  if ("initialPageParam" in options) return client.prefetchInfiniteQuery(options as FetchInfiniteQueryOptions);
  return client.prefetchQuery(options as FetchQueryOptions);
}

/** What a layout or page asked for, by the hashes of its queries. */
type Prefetched = ReadonlySet<string>;

/** Starts the queries together and waits for them, within reason. A failure is shown by the view that asks again. */
export async function prefetch(...queries: Prefetchable[]): Promise<Prefetched> {
  // Nobody sees the page without signing in: asking for them would only use up what their address may ask.
  const context = await unlessAway(requestContext);
  if (context?.actor.kind === "anonymous") return new Set();
  const client = getQueryClient();
  const all = Promise.all(queries.map((query) => start(client, query)));
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(timer);
  return new Set(queries.map(({ queryKey }) => hashKey(queryKey)));
}

/**
 * Hands what was prefetched to the browser. Layout and page are read side by side: a layout hands on `only` its own, or
 * the page's facts would travel twice.
 */
export function HydrateClient({ only, children }: { only?: Prefetched; children: ReactNode }) {
  const state = dehydrate(getQueryClient(), only ? { shouldDehydrateQuery: (query) => query.state.status === "success" && only.has(query.queryHash) } : {});
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
