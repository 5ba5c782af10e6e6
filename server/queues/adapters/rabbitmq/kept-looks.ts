/**
 * A quorum queue counts each look as a delivery, and a page that stays open looks again and again. So what was seen is
 * shown once more while the queue holds as many messages as then; where nothing counts, every look is a new one.
 */
import type { GetMessage } from "amqplib";
import { MINUTE_MS, monotonicMs } from "../../../platform/clock.ts";
import type { Bounds } from "./channel.ts";

/** A queue may hold as many messages as before and yet others. */
const KEPT_MS = 10 * MINUTE_MS;
/** More is not kept in memory; looking again costs a delivery then. */
const MOST_KEPT_BYTES = 8 * 1_048_576;

export type LookBounds = Bounds & { deliveryLimit: number | null; /** Messages ready now, as the broker counts them. */ total: number };
export type TakeLook = (queue: string, bounds: LookBounds) => Promise<GetMessage[]>;

type Kept = { messages: GetMessage[]; isWhole: boolean; total: number; atMs: number };

/** Wraps looking. `forget` is for whoever changes a queue. */
export function keptLooks(look: TakeLook): { look: TakeLook; forget: (queue: string) => void } {
  const kept = new Map<string, Kept>();
  const isGood = (known: Kept, { most, total }: LookBounds) => known.total === total && monotonicMs() - known.atMs < KEPT_MS && (known.isWhole || known.messages.length >= most);
  return {
    look: async (queue, bounds) => {
      if (bounds.deliveryLimit === null) return look(queue, bounds);
      const known = kept.get(queue);
      if (known && isGood(known, bounds)) return known.messages.slice(0, bounds.most);
      const messages = await look(queue, bounds);
      const bytes = messages.reduce((sum, message) => sum + message.content.length, 0);
      if (bytes <= MOST_KEPT_BYTES) kept.set(queue, { messages, isWhole: messages.length >= bounds.total, total: bounds.total, atMs: monotonicMs() });
      return messages;
    },
    forget: (queue) => void kept.delete(queue),
  };
}
