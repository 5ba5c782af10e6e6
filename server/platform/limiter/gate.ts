/**
 * Keeps callers away from a shared store that is ill. An attempt that fails or outlasts the deadline closes the gate:
 * that caller waited at most the deadline, later ones do not wait at all. Behind the closed gate the store is asked for
 * a sign of life now and then, in the background; when it gives one, the gate opens.
 */
import { SECOND_MS } from "../clock.ts";
import type { Logger } from "../logger.ts";
import { createDeadlines, LATE } from "./deadlines.ts";
import { storeFigures } from "./figures.ts";

/** Longest that a caller waits for the shared store: far above its usual half millisecond, below what people notice. */
export const STORE_TIMEOUT_MS = 250;
const COOL_DOWN_MS = 5 * SECOND_MS;

export type GateOptions = {
  /** False while there is no connection: then nobody tries. */
  isReady: () => boolean;
  /** Resolves when the store answers. */
  ping: () => Promise<unknown>;
  /** Told when a sign of life did not come. */
  onSilence?: () => void;
  log: Logger;
  timeoutMs?: number;
  coolDownMs?: number;
};

export type Gate = {
  /** What `work` resolves to, or null when the store may not be asked or failed. */
  attempt: <T>(work: () => Promise<T>) => Promise<T | null>;
  readonly isOpen: boolean;
  close: () => void;
};

const NOBODY = Promise.resolve(null);

/** Makes a gate, open at first. */
export function createGate(options: GateOptions): Gate {
  const { isReady, ping, onSilence, log, timeoutMs = STORE_TIMEOUT_MS, coolDownMs = COOL_DOWN_MS } = options;
  const figures = storeFigures();
  const { inTime } = createDeadlines(timeoutMs);
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  figures.up.set(1);

  const retryLater = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void tryAgain(), coolDownMs);
    timer.unref();
  };
  const tryAgain = async (): Promise<void> => {
    // A failed sign of life is what this is for; the next one is asked for later.
    const sign = isReady() ? await inTime(ping()).catch(() => LATE) : LATE;
    if (sign === LATE) {
      onSilence?.();
      retryLater();
      return;
    }
    timer = null;
    figures.up.set(1);
    log.info("the shared store of limits answers again");
  };
  const trip = (reason: "timeout" | "error", error?: unknown): void => {
    figures.faults.inc({ reason });
    if (timer) return;
    figures.up.set(0);
    log.warn({ err: error, reason }, "the shared store of limits does not answer, this process counts alone until it does");
    retryLater();
  };
  const attempt = <T>(work: () => Promise<T>): Promise<T | null> => {
    if (timer || isClosed) return NOBODY;
    if (!isReady()) {
      figures.faults.inc({ reason: "away" });
      return NOBODY;
    }
    // Whoever is late may still fail; that was counted already.
    return inTime(work()).then(
      (result) => {
        if (result !== LATE) return result;
        trip("timeout");
        return null;
      },
      (error: unknown) => {
        trip("error", error);
        return null;
      },
    );
  };
  return {
    attempt,
    get isOpen() {
      return timer === null && isReady();
    },
    close: () => {
      isClosed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
