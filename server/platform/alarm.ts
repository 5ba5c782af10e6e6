/** A pause that `wake` ends early. A wake while nobody pauses makes the next pause empty, so none is lost. */
export type Alarm = { wake: () => void; pause: (ms: number) => Promise<void> };

export function createAlarm(): Alarm {
  let ring: (() => void) | null = null;
  let isRinging = false;
  return {
    wake: () => {
      if (ring) ring();
      else isRinging = true;
    },
    pause: async (ms) => {
      if (!isRinging) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      ring = null;
      isRinging = false;
    },
  };
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const MAX_DOUBLINGS = 5;

/** How long to wait after the nth failure in a row: 0.5 s, doubling to 5 s. */
export function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, MAX_DOUBLINGS));
}
