/** Addresses of queues. Pure. */
import type { QueueRef } from "../../server/queues/schema/index.ts";

/** `/queues/<connection>/<queue>`; names with slashes, spaces and emoji stay one part of the path. */
export function queueHref({ connection, queue }: QueueRef): string {
  return `/queues/${connection}/${encodeURIComponent(queue)}`;
}
