/**
 * One stream into several stores at once. The source waits for the slowest store, so memory stays at a few pieces a store;
 * a store that fails is left behind and the others go on.
 */
import type { Store } from "../stores/store.ts";
import type { NamedStore } from "./operations.ts";

/** Bytes (four frames) that a store may be behind. */
const BYTES_AHEAD = 4_194_304;

type Channel = { push: (piece: Buffer) => Promise<void>; end: () => void; fail: (error: Error) => void; close: () => void; source: AsyncIterable<Buffer> };

function createChannel(): Channel {
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let ended = false;
  let failure: Error | null = null;
  let isClosed = false;
  let wakeReader = () => undefined as void;
  let wakeWriter = () => undefined as void;
  const sleep = (set: (wake: () => void) => void) => new Promise<void>((resolve) => set(resolve));
  async function* read(): AsyncGenerator<Buffer> {
    for (;;) {
      if (failure) throw failure;
      const piece = waiting.shift();
      waitingBytes -= piece?.length ?? 0;
      wakeWriter();
      if (piece) yield piece;
      else if (ended) return;
      else await sleep((wake) => (wakeReader = wake));
    }
  }
  const change = (work: () => void) => {
    work();
    wakeReader();
    wakeWriter();
  };
  return {
    push: async (piece) => {
      while (waitingBytes >= BYTES_AHEAD && !isClosed) await sleep((wake) => (wakeWriter = wake));
      if (isClosed) return;
      change(() => {
        waiting.push(piece);
        waitingBytes += piece.length;
      });
    },
    end: () => change(() => (ended = true)),
    fail: (error) => change(() => (failure ??= error)),
    close: () =>
      change(() => {
        isClosed = true;
        waiting.length = 0;
      }),
    source: read(),
  };
}

export type Delivery = { id: string; error: unknown };

export type FanOut = {
  /** Hands a piece to every store that still works. Throws when none does. */
  push: (piece: Buffer) => Promise<void>;
  /** No more pieces; resolves when every store has finished. */
  end: () => Promise<Delivery[]>;
  /** Breaks off everywhere; the stores remove what they have written, and an object that is whole already goes too. Returns what could not be removed, in words. */
  fail: (error: Error) => Promise<string[]>;
};

/** Removes an object. Tells why it could not. */
export const removed = (store: Store, name: string): Promise<string | null> =>
  store.delete(name).then(
    () => null,
    (error: unknown) => `${name} could not be removed again: ${error instanceof Error ? error.message : String(error)}`,
  );

/** Begins to write one object to every store. */
export function fanOut(stores: NamedStore[], name: string, signal: AbortSignal): FanOut {
  const lanes = stores.map(({ id, store }) => {
    const channel = createChannel();
    const delivery: Delivery = { id, error: null };
    const done = store.put(name, channel.source, { signal }).then(
      () => channel.close(),
      (error: unknown) => {
        delivery.error = error ?? new Error("unknown failure");
        channel.close();
      },
    );
    return { store, channel, delivery, done };
  });
  const settled = () => Promise.all(lanes.map((lane) => lane.done));
  return {
    push: async (piece) => {
      const working = lanes.filter((lane) => lane.delivery.error === null);
      if (working.length === 0) throw lanes[0]?.delivery.error ?? new Error("no store");
      await Promise.all(working.map((lane) => lane.channel.push(piece)));
    },
    end: async () => {
      for (const lane of lanes) lane.channel.end();
      await settled();
      return lanes.map((lane) => lane.delivery);
    },
    fail: async (error) => {
      for (const lane of lanes) lane.channel.fail(error);
      await settled();
      const whole = lanes.filter((lane) => lane.delivery.error === null);
      const left = await Promise.all(whole.map(({ store }) => removed(store, name)));
      return left.filter((problem) => problem !== null);
    },
  };
}
