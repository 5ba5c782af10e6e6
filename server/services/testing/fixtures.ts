/** Worlds and rows for tests of services. */
import type { Context } from "../../platform/context.ts";
import { OutboundError, type Outbound, type OutboundRequest, type OutboundResponse } from "../../platform/http/outbound.ts";
import { createService } from "../mutations/index.ts";
import { CreateService, type ServiceDetail } from "../schema.ts";

const TIMINGS = { resolveMs: 1, connectMs: 1, tlsMs: null, firstByteMs: 5, totalMs: 8 };

/** An HTTP answer as the guarded client gives it. */
export function answer(status: number, body = "", latencyMs = TIMINGS.totalMs): OutboundResponse {
  return {
    status,
    headers: { "content-type": body.startsWith("{") ? "application/json" : "text/plain" },
    body: new TextEncoder().encode(body),
    isTruncated: false,
    finalUrl: "http://target.test/",
    redirects: 0,
    remoteAddress: "192.0.2.1",
    timings: { ...TIMINGS, totalMs: latencyMs },
    certificate: null,
  };
}

/** A network where `respond` answers every request. */
export function networkOf(respond: (request: OutboundRequest) => OutboundResponse | Promise<OutboundResponse>): Outbound {
  return {
    request: async (request) => respond(request),
    resolve: (host) => Promise.reject(new OutboundError("dns", `no such host ${host}`)),
  };
}

/** Adds a service with one HTTP check. */
export async function addService(ctx: Context, facts: Partial<CreateService> = {}): Promise<ServiceDetail> {
  return createService(ctx, CreateService.parse({ name: "Payments API", address: "http://target.test/health", ...facts }));
}

/** Waits until `isTrue` holds, at most `withinMs`. */
export async function until(isTrue: () => Promise<boolean> | boolean, withinMs = 10_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`The condition did not hold within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
