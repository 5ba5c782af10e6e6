/** The one subscription of a page: what changed, by topic, so that it knows what to fetch again. */
import { tracked, type TrackedEnvelope } from "@trpc/server";
import * as z from "zod";
import type { Context } from "../context.ts";
import { may, router } from "../trpc.ts";
import type { LiveEvent } from "./buffer.ts";
import { liveHub } from "./hub.ts";

const MAX_EVENT_ID_LENGTH = 64;

const Resume = z.object({ lastEventId: z.string().max(MAX_EVENT_ID_LENGTH).nullish() });
const Events = z.custom<AsyncIterable<TrackedEnvelope<LiveEvent>>>((value) => typeof value === "object" && value !== null && Symbol.asyncIterator in value);

/** Live events after `lastEventId`, until the caller goes away or this process stops. */
async function* liveEvents(ctx: Context, input: z.output<typeof Resume>, signal: AbortSignal) {
  const signals = ctx.signal ? [signal, ctx.signal] : [signal];
  for await (const { eventId, event } of liveHub().subscribe(input.lastEventId ?? null, AbortSignal.any(signals))) {
    yield tracked(eventId, event);
  }
}

export const liveRouter = router({
  events: may("live:events", { access: "viewer", tier: "read", rest: null, summary: "Follow what changes" })
    .input(Resume)
    .output(Events)
    .subscription(({ ctx, input, signal }) => liveEvents(ctx, input, signal ?? new AbortController().signal)),
});
