/** What a failed measurement says about the service, and what only about us: a missing answer never proves more than it does. */
import { expect, test } from "vitest";
import { AppError } from "../../platform/errors.ts";
import { OutboundError, type OutboundFailure } from "../../platform/http/outbound.ts";
import { runProbe } from "./probe.ts";
import type { ProbeWorld } from "./reading.ts";

const LIMITS = { timeoutMs: 1_000, signal: AbortSignal.timeout(60_000) };
/** A world in which every call to the outside fails in one way. */
const failing = (error: unknown) => new Proxy({}, { get: () => new Proxy(() => undefined, { apply: () => Promise.reject(error), get: () => () => Promise.reject(error) }) }) as ProbeWorld;
const read = (error: unknown) => runProbe(failing(error), { kind: "tcp", host: "db.example", port: 5432 }, LIMITS as never);
const outbound = (failure: OutboundFailure, code?: string) => new OutboundError(failure, `it was ${failure}`, code ? { cause: { code } } : {});

test.each<[OutboundFailure, string | undefined, string]>([
  ["blocked", undefined, "unknown"],
  ["aborted", undefined, "unknown"],
  ["dns", "ENOTFOUND", "down"],
  ["dns", "EAI_AGAIN", "unknown"],
  ["unreachable", "ENETUNREACH", "unknown"],
  ["unreachable", "EMFILE", "unknown"],
  ["unreachable", "EHOSTUNREACH", "down"],
  ["unreachable", undefined, "down"],
  ["refused", undefined, "down"],
  ["reset", undefined, "down"],
  ["timeout", undefined, "down"],
  ["certificate", undefined, "down"],
  ["redirects", undefined, "down"],
  ["protocol", undefined, "down"],
])("%s (%s) is %s", async (failure, code, verdict) => {
  expect(await read(outbound(failure, code))).toMatchObject({ verdict, message: `it was ${failure}` });
});

test("a certificate that was refused still says when it ends", async () => {
  const validTo = new Date("2026-01-01T00:00:00Z");
  expect(await read(new OutboundError("certificate", "expired", { certificate: { validTo } as never }))).toMatchObject({ verdict: "down", certificateExpiresAt: validTo });
});

test.each([
  [new AppError("invalid", "The pattern is not RE2."), "The pattern is not RE2."],
  [new TypeError("x is undefined"), "the console could not run this check (TypeError)"],
  ["a string", "the console could not run this check (unknown error)"],
])("our own trouble (%s) is unknown", async (error, message) => {
  expect(await read(error)).toMatchObject({ verdict: "unknown", message });
});
