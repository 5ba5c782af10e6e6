/**
 * Tells every open page that something changed. The notification belongs to the caller's transaction: it leaves when
 * that commits and never if it does not. It carries no content, only where to look again.
 */
import type { Context } from "../context.ts";

/** `topic` is the module's word; `id` is the row that changed, absent when many did. */
export type Announcement = { topic: string; id?: string };

/** The NOTIFY channel of live events. */
export const LIVE_CHANNEL = "seaworthy_live";

/** Sends the event at commit. Its number comes from one sequence, so all processes know the event by the same id. */
export async function announce(ctx: Context, event: Announcement): Promise<void> {
  const { topic, id = null } = event;
  await ctx.db.$executeRaw`
    SELECT pg_notify(${LIVE_CHANNEL}, json_build_object('n', nextval('series.live_event_seq'), 'topic', ${topic}::text, 'id', ${id}::text)::text)`;
}
