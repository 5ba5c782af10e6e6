/**
 * The typed client of a Seaworthy console, for programs in TypeScript. It knows only the type of the server's router,
 * so it costs a few kilobytes and every procedure, input and output is inferred:
 *
 *     const seaworthy = createSeaworthyClient({ url: "https://console.example", apiKey: "sw_…" });
 *     const page = await seaworthy.services.list.query({ limit: 20 });
 */
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../server/root.ts";

/** The server refuses larger batches. */
const MAX_CALLS_PER_REQUEST = 10;

export type SeaworthyClientOptions = {
  /** Address of the console, e.g. `https://console.example`. */
  url: string;
  /** A key from the console's Access page; without one only public procedures answer. */
  apiKey?: string;
  /** Another fetch, e.g. one with a proxy or a timeout. */
  fetch?: typeof globalThis.fetch;
};

export type SeaworthyClient = TRPCClient<AppRouter>;

/** Makes a client. Calls made in the same tick travel together, at most ten to a request. */
export function createSeaworthyClient({ url, apiKey, fetch }: SeaworthyClientOptions): SeaworthyClient {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${url.replace(/\/+$/, "")}/api/trpc`,
        transformer: superjson,
        maxItems: MAX_CALLS_PER_REQUEST,
        headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
        ...(fetch ? { fetch } : {}),
      }),
    ],
  });
}
