import { describe, expect, test } from "vitest";
import { retryAfterMs, retryingFetch, type Fetch } from "./retrying-fetch.ts";

const QUICK = { firstDelayMs: 1, maxDelayMs: 2_000 };
const lost = () => {
  throw new TypeError("fetch failed");
};
const status = (code: number, headers: Record<string, string> = {}) => () => new Response("x", { status: code, headers });

/** Answers one after the other; the last one again and again. Counts calls. */
function scripted(...answers: (() => Response)[]): { fetch: Fetch; calls: RequestInit[] } {
  const calls: RequestInit[] = [];
  const fetch: Fetch = async (_input, init) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push(init ?? {});
    await Promise.resolve();
    return answer?.() ?? new Response();
  };
  return { fetch, calls };
}

const post = { method: "POST", body: "{}" };
const create = { ...post, headers: { "idempotency-key": "k1" } };

describe("what is tried again", () => {
  test.each([
    ["a read after a lost connection", {}, [lost, status(200)]],
    ["a read after a gateway's failure", {}, [status(502), status(504), status(200)]],
    ["a create after a lost connection", create, [lost, status(200)]],
    ["a change that was refused before it began", post, [status(429, { "retry-after": "0" }), status(200)]],
    ["a change while the console restarts", post, [status(503), status(200)]],
  ])("%s", async (_name, init, answers) => {
    const { fetch, calls } = scripted(...answers);
    expect((await retryingFetch(fetch, QUICK)("http://x", init)).status).toBe(200);
    expect(calls).toHaveLength(answers.length);
  });

  test("with the same key each time", async () => {
    const { fetch, calls } = scripted(lost, status(503), status(200));
    await retryingFetch(fetch, QUICK)("http://x", create);
    expect(calls.map(({ headers }) => new Headers(headers).get("idempotency-key"))).toEqual(["k1", "k1", "k1"]);
  });
});

describe("what is not", () => {
  test.each([
    ["an error that says something", {}, status(400)],
    ["a failure inside the console", {}, status(500)],
    ["a change behind a gateway that gave up", post, status(504)],
    ["a limit that asks for longer than the caller wants to wait", {}, status(429, { "retry-after": "900" })],
  ])("%s", async (_name, init, answer) => {
    const { fetch, calls } = scripted(answer);
    await retryingFetch(fetch, QUICK)("http://x", init);
    expect(calls).toHaveLength(1);
  });

  test("a change whose connection was lost: nobody knows whether it was done", async () => {
    const { fetch, calls } = scripted(lost);
    await expect(retryingFetch(fetch, QUICK)("http://x", post)).rejects.toThrow("fetch failed");
    expect(calls).toHaveLength(1);
  });

  test("a stream, which can be sent only once", async () => {
    const { fetch, calls } = scripted(status(503));
    const body = new Blob(["x"]).stream();
    await retryingFetch(fetch, QUICK)("http://x", { method: "POST", body, headers: { "idempotency-key": "k" } });
    expect(calls).toHaveLength(1);
  });

  test("more often than asked for", async () => {
    const { fetch, calls } = scripted(lost);
    await expect(retryingFetch(fetch, { ...QUICK, attempts: 4 })("http://x")).rejects.toThrow("fetch failed");
    expect(calls).toHaveLength(4);
  });
});

test("a caller who gives up ends the wait", async () => {
  const { fetch } = scripted(status(503, { "retry-after": "1" }));
  const controller = new AbortController();
  const call = retryingFetch(fetch, QUICK)("http://x", { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
});

test.each([
  ["120", 120_000],
  ["0", 0],
  ["Thu, 26 Nov 2026 12:00:30 GMT", 30_000],
  ["Thu, 26 Nov 2026 11:00:00 GMT", 0],
  ["soon", null],
  [null, null],
])("Retry-After %s", (header, wanted) => {
  expect(retryAfterMs(header, Date.parse("2026-11-26T12:00:00Z"))).toBe(wanted);
});
