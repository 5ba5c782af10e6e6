/**
 * Collects finished runs and writes them in batches, every half second or when enough came together. While the database
 * is away it holds a bounded number and tries again; beyond the bound the oldest are dropped: unknown time, no lie.
 */
import { createAlarm } from "../../platform/alarm.ts";
import type { Context } from "../../platform/context.ts";
import { record, type Finished } from "./record.ts";

/** A result is on screen within half a second, yet a thousand checks a minute are two small writes a second. */
const FLUSH_MS = 500;
/** One statement's worth: more rows would hold its locks noticeably longer. */
const FLUSH_ROWS = 500;
/** Some 10 MB: five minutes of two thousand checks at one a minute. */
const MOST_BUFFERED = 10_000;
const RETRY_MS = 1_000;
/** Tries to write the last results at a stop before giving them up. */
const STOP_TRIES = 3;

export type Writer = {
  add: (run: Finished) => void;
  /** How many more results it can hold. */
  room: () => number;
  stop: () => Promise<void>;
};

export function startWriter(ctx: Context): Writer {
  let buffer: Finished[] = [];
  let dropped = 0;
  let isFailing = false;
  let isStopping = false;
  const wake = createAlarm();

  const put = (runs: Finished[]) => {
    buffer = [...runs, ...buffer];
    const surplus = Math.max(0, buffer.length - MOST_BUFFERED);
    if (surplus > 0) buffer = buffer.slice(surplus);
    dropped += surplus;
  };

  /** Writes everything that is waiting. False when the database refused; the results are kept. */
  async function flush(): Promise<boolean> {
    while (buffer.length > 0) {
      const batch = buffer.slice(0, FLUSH_ROWS);
      buffer = buffer.slice(FLUSH_ROWS);
      try {
        await record(ctx, batch);
      } catch (error) {
        put(batch);
        if (!isFailing) ctx.log.warn({ err: error, waiting: buffer.length }, "results cannot be written, holding them");
        isFailing = true;
        return false;
      }
      if (isFailing || dropped > 0) ctx.log.info({ dropped }, "results are written again");
      isFailing = false;
      dropped = 0;
    }
    return true;
  }

  async function loop(): Promise<void> {
    while (!isStopping) {
      await wake.pause(isFailing ? RETRY_MS : FLUSH_MS);
      await flush();
    }
    for (let attempt = 0; attempt < STOP_TRIES && !(await flush()); attempt++) await createAlarm().pause(RETRY_MS);
  }

  const looping = loop();
  return {
    add: (run) => {
      buffer.push(run);
      if (buffer.length === FLUSH_ROWS && !isFailing) wake.wake();
    },
    room: () => MOST_BUFFERED - buffer.length,
    stop: () => {
      isStopping = true;
      wake.wake();
      return looping;
    },
  };
}
