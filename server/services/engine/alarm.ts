/** A wait that ends early when somebody rings. */

export type Alarm = {
  /** Resolves after `ms`, or at once when it rang since the last wait. */
  wait: (ms: number) => Promise<void>;
  ring: () => void;
};

export function alarm(): Alarm {
  let hasRung = false;
  let release: (() => void) | null = null;
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => release?.(), hasRung ? 0 : ms);
      release = () => {
        clearTimeout(timer);
        release = null;
        hasRung = false;
        resolve();
      };
    });
  const ring = () => {
    hasRung = true;
    release?.();
  };
  return { wait, ring };
}
