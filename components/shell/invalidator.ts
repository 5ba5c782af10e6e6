/**
 * Turns a stream of topics into refreshes that people can stand: each topic at most once a second, nothing while
 * paused, and everything once after a pause, since events of the pause are not counted one by one.
 */

/** Most often that events may refresh what is on screen. */
export const FLUSH_MS = 1_000;
/** Stands for every module: something may have been missed. */
export const EVERYTHING = "*";

export type Invalidator = {
  add: (topic: string) => void;
  /** Call when the tab was paused or resumed. */
  follow: () => void;
  stop: () => void;
};

export function createInvalidator(world: { isPaused: () => boolean; invalidate: (topic: string) => void }): Invalidator {
  const topics = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let wasPaused = world.isPaused();

  const flush = () => {
    timer = null;
    if (world.isPaused()) return;
    const due = topics.has(EVERYTHING) ? [EVERYTHING] : [...topics];
    topics.clear();
    for (const topic of due) world.invalidate(topic);
  };
  const add = (topic: string) => {
    topics.add(topic);
    timer ??= setTimeout(flush, FLUSH_MS);
  };
  return {
    add,
    follow: () => {
      if (wasPaused && !world.isPaused()) add(EVERYTHING);
      wasPaused = world.isPaused();
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
