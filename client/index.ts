/**
 * The typed client of a Seaworthy console, for programs in TypeScript, in Node and in browsers. It knows only the type of
 * the server's router, so it costs a few kilobytes and every procedure, input and output is inferred:
 *
 *     const seaworthy = createSeaworthyClient({ url: "https://console.example", apiKey: "sw_…" });
 *     const page = await seaworthy.services.list.query({ limit: 20 });
 *
 * Reads are repeated when the network or the console fails for a moment. Creates carry an Idempotency-Key, so they are
 * repeated too and still happen once. Other changes are repeated only when the console said that it did nothing.
 */
import { createTRPCClient, httpBatchLink, httpLink, splitLink, TRPCClientError, type Operation, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../server/root.ts";
import { CREATES } from "./creates.ts";
import { retryingFetch, type Fetch, type RetryOptions } from "./retrying-fetch.ts";

/** The server refuses larger batches. */
const MAX_CALLS_PER_REQUEST = 10;

export type SeaworthyClientOptions = {
  /** Address of the console, e.g. `https://console.example`. */
  url: string;
  /** A key from the console's Access page; without one only public procedures answer. */
  apiKey?: string;
  /** Another fetch, e.g. one with a proxy or a timeout. */
  fetch?: Fetch;
  /** How often and how long to repeat; `{ attempts: 1 }` never repeats. */
  retry?: RetryOptions;
};

export type SeaworthyClient = TRPCClient<AppRouter>;

/** What a refused or failed call throws; `error.data` has `error` (the code), `httpStatus`, `fields` and `requestId`. */
export { TRPCClientError as SeaworthyError };

const createPaths: ReadonlySet<string> = new Set(CREATES);

/** The caller's own key from `{ context: { idempotencyKey } }`, or a new one; none for calls that add no row. */
function idempotencyKey(op: Operation): Record<string, string> {
  if (!createPaths.has(op.path)) return {};
  const own = op.context["idempotencyKey"];
  return { "idempotency-key": typeof own === "string" ? own : crypto.randomUUID() };
}

/** Makes a client. Reads made in the same tick travel together, at most ten to a request; a change travels alone. */
export function createSeaworthyClient({ url, apiKey, fetch, retry }: SeaworthyClientOptions): SeaworthyClient {
  const authorization: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const shared = { url: `${url.replace(/\/+$/, "")}/api/trpc`, transformer: superjson, fetch: retryingFetch(fetch ?? globalThis.fetch, retry) };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === "query",
        true: httpBatchLink({ ...shared, maxItems: MAX_CALLS_PER_REQUEST, headers: authorization }),
        false: httpLink({ ...shared, headers: ({ op }) => ({ ...authorization, ...idempotencyKey(op) }) }),
      }),
    ],
  });
}
