/**
 * A fetch that tries again when that is safe: reads and requests with an Idempotency-Key after a lost connection or a
 * gateway's failure; anything after an answer that says nothing was done (429, 503). Waits as Retry-After asks, otherwise
 * with full jitter that doubles (AWS architecture blog, "Exponential Backoff and Jitter", the shape known as full jitter).
 */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

export type RetryOptions = {
  /** Tries in all, the first one included. */
  attempts?: number;
  /** Upper bound of the first wait in ms; it doubles with each try. */
  firstDelayMs?: number;
  /** No single wait is longer, whatever the console asks for. */
  maxDelayMs?: number;
};

/** Three tries ride over a restart of the console, which takes about two seconds. */
export const DEFAULT_RETRY: Required<RetryOptions> = { attempts: 3, firstDelayMs: 500, maxDelayMs: 30_000 };

/** The console refused before it did anything. */
const REFUSED = new Set([429, 503]);
/** A gateway gave up; what happened behind it is unknown. */
const GATEWAY = new Set([502, 504]);

/** How long an answer asks to wait, in ms; null when it does not say. Reads seconds and HTTP dates (RFC 9110 10.2.3). */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function isRepeatable(init: RequestInit | undefined): boolean {
  const method = (init?.method ?? "GET").toUpperCase();
  return method === "GET" || method === "HEAD" || new Headers(init?.headers).has("idempotency-key");
}

async function wait(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Wraps `fetch`. A body must be a string or bytes: a stream can be sent only once, so it is tried once. */
export function retryingFetch(fetch: Fetch, options: RetryOptions = {}): Fetch {
  const { attempts, firstDelayMs, maxDelayMs } = { ...DEFAULT_RETRY, ...options };
  return async (input, init) => {
    const tries = init?.body instanceof ReadableStream ? 1 : attempts;
    const mayRepeat = isRepeatable(init);
    for (let attempt = 1; ; attempt++) {
      const backoffMs = Math.min(maxDelayMs, Math.random() * firstDelayMs * 2 ** (attempt - 1));
      try {
        const answer = await fetch(input, init);
        const isWorthIt = REFUSED.has(answer.status) || (mayRepeat && GATEWAY.has(answer.status));
        const askedMs = retryAfterMs(answer.headers.get("retry-after"), Date.now());
        if (!isWorthIt || attempt >= tries || (askedMs ?? 0) > maxDelayMs) return answer;
        await answer.body?.cancel();
        await wait(askedMs ?? backoffMs, init?.signal);
      } catch (error) {
        if (init?.signal?.aborted || !mayRepeat || attempt >= tries) throw error;
        await wait(backoffMs, init?.signal);
      }
    }
  };
}
