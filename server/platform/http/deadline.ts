/**
 * One limit over many steps, on the monotonic clock: resolving, connecting, reading. The phase is kept so that the
 * message says what did not happen in time.
 */
import { inWords } from "./failures.ts";
import { OutboundError } from "./outbound.ts";

export type Phase = "resolve" | "connect" | "answer" | "body" | "report";

const LATE: Record<Phase, (limit: string) => OutboundError> = {
  // A name that is not answered in time is a fault of the network or the name server, not a verdict on the target.
  resolve: (limit) => new OutboundError("dns", `the name was not resolved within ${limit}`),
  connect: (limit) => new OutboundError("timeout", `no connection within ${limit}`),
  answer: (limit) => new OutboundError("timeout", `no answer within ${limit}`),
  // Work inside this process: being late says nothing about anybody else.
  report: (limit) => new OutboundError("aborted", `the console's own report took longer than ${limit}`),
  body: (limit) => new OutboundError("timeout", `the answer was not complete within ${limit}`),
};

/** A running limit; `signal` aborts with an OutboundError as its reason. */
export class Deadline {
  readonly signal: AbortSignal;
  phase: Phase = "resolve";
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #outer: AbortSignal | undefined;
  readonly #stop: () => void;

  constructor(timeoutMs: number, outer?: AbortSignal) {
    this.signal = this.#controller.signal;
    this.#outer = outer;
    this.#stop = () => this.#controller.abort(new OutboundError("aborted", "the call was cancelled", { cause: outer?.reason }));
    this.#timer = setTimeout(() => this.#controller.abort(LATE[this.phase](inWords(timeoutMs))), timeoutMs);
    outer?.addEventListener("abort", this.#stop, { once: true });
    if (outer?.aborted) this.#stop();
  }

  /** Waits for something that cannot be cancelled itself; its late result or error is dropped. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(this.signal.reason as OutboundError);
      this.signal.addEventListener("abort", late, { once: true });
      if (this.signal.aborted) late();
      work.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", late));
    });
  }

  /** Frees the timer. Call it when the work is over, whatever came of it. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#stop);
  }
}
