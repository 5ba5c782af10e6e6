/** Holds whoever passes until it is opened: a test decides when, not a clock. */

export type Gate = {
  /** Resolves when the gate is open. */
  pass: () => Promise<void>;
  /** Resolves when somebody waits. */
  waiting: () => Promise<void>;
  open: () => void;
};

/** A closed gate. */
export function createGate(): Gate {
  const opened = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  return {
    pass: () => {
      arrived.resolve();
      return opened.promise;
    },
    waiting: () => arrived.promise,
    open: () => opened.resolve(),
  };
}
