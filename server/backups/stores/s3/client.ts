/**
 * Signed requests to an object store (AWS Signature Version 4) through the guarded client. The payload's SHA-256 is part
 * of the signature, so the store itself refuses bytes that changed on the way. Failures that may pass are tried again; a
 * clock that is off is taken from the store's own answer.
 */
import { createHash } from "node:crypto";
import type { AwsV4Signer } from "aws4fetch";
import { MINUTE_MS } from "../../../platform/clock.ts";
import { AppError } from "../../../platform/errors.ts";
import { OutboundError, wayOut, type OutboundResponse } from "../../../platform/http/outbound.ts";
import { isRetryableStatus, type RetryPolicy } from "../../../platform/retry/policy.ts";
import { retrying } from "../../../platform/retry/retry.ts";
import type { S3StoreConfig } from "../../schema/store-config.ts";
import type { StoreWorld } from "../store.ts";
import { errorCode } from "./xml.ts";

export type S3Call = {
  method: "GET" | "PUT" | "POST" | "DELETE" | "HEAD";
  /** Full key, empty for the bucket itself. */
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  maxBodyBytes?: number;
  /** Statuses beside 2xx that the caller reads itself. */
  accepts?: number[];
  /** Not tried again when it fails. */
  isTriedOnce?: boolean;
  signal?: AbortSignal;
  /** The signal does not break this call off once it is on its way, for the store might finish it all the same; it is not tried again then. */
  isFinished?: boolean;
};

export type S3Answer = { status: number; headers: Record<string, string>; body: Uint8Array };
export type S3Client = { call: (call: S3Call) => Promise<S3Answer>; label: string };

export type S3Limits = { timeoutMs: number; retry: RetryPolicy };

/** A part of 8 MiB arrives within this time over 0.6 Mbit/s; retries with growing pauses ride out a minute of trouble. */
export const S3_LIMITS: S3Limits = { timeoutMs: 120_000, retry: { attempts: 5, baseMs: 1_000, growth: "exponential", capMs: 30_000, jitter: "full" } };

const SMALL_ANSWER_BYTES = 4_194_304;
/** Failures of the way that another try may not meet. */
const PASSING = new Set(["timeout", "reset", "refused", "unreachable", "dns"]);
/** Answers of the store that will not change by asking again, although their status could. */
const FINAL_CODES = new Set(["NotImplemented", "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "XMinioAdminBucketQuotaExceeded", "ServiceQuotaExceededException"]);
const INSUFFICIENT_STORAGE = 507;
/** Signatures older or newer than this are refused. */
const LARGEST_SKEW_MS = 15 * MINUTE_MS;

const WORDS: Record<string, string> = {
  NoSuchBucket: "there is no such bucket",
  AccessDenied: "access is denied",
  InvalidAccessKeyId: "the access key is not known",
  SignatureDoesNotMatch: "the secret key is wrong",
  SlowDown: "it asks to slow down",
};

/** An answer that is a failure, with what tells whether to try again. */
class RefusedByStore extends Error {
  readonly status: number;
  readonly code: string;
  /** How far the store's clock is from the one that signed, when that is the reason; an answer to HEAD has no body that would say so. */
  readonly skewMs: number | null;

  constructor(answer: OutboundResponse, signedAt: number) {
    const code = errorCode(answer.body);
    const differenceMs = Date.parse(answer.headers.date ?? "") - signedAt;
    const isSkewed = answer.status === 403 && Math.abs(differenceMs) > LARGEST_SKEW_MS;
    const isFull = answer.status === INSUFFICIENT_STORAGE || /Quota|StorageFull/.test(code);
    super(isSkewed ? "the clocks differ by more than 15 minutes" : isFull ? "it has no room left" : (WORDS[code] ?? `it answered ${answer.status}${code === "" ? "" : ` ${code}`}`));
    this.name = "RefusedByStore";
    this.status = answer.status;
    this.code = code;
    this.skewMs = isSkewed ? differenceMs : null;
  }
}

const isTransient = (error: unknown): boolean => {
  if (error instanceof OutboundError) return PASSING.has(error.failure);
  if (!(error instanceof RefusedByStore)) return false;
  return error.skewMs !== null || (isRetryableStatus(error.status) && error.status !== INSUFFICIENT_STORAGE && !FINAL_CODES.has(error.code));
};

/** RFC 3986, as the signature wants it: everything but unreserved characters, / kept. */
const encodeKey = (key: string) => encodeURIComponent(key).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%2F", "/");

function addressOf(config: S3StoreConfig, call: S3Call): URL {
  const url = new URL(config.endpoint);
  const base = url.pathname.replace(/\/$/, "");
  if (config.pathStyle) url.pathname = `${base}/${config.bucket}/${encodeKey(call.key)}`;
  else {
    url.hostname = `${config.bucket}.${url.hostname}`;
    url.pathname = `${base}/${encodeKey(call.key)}`;
  }
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  return url;
}

/** `20270115T020000Z` */
const amzDate = (ms: number) => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");

/** Opens a client. Nothing is connected until the first call. */
export async function openClient(config: S3StoreConfig, world: StoreWorld, limits: S3Limits): Promise<S3Client> {
  const { AwsV4Signer: Signer } = await import("aws4fetch");
  const signingKeys = new Map<string, ArrayBuffer>();
  const label = `${new URL(config.endpoint).host}/${config.bucket}${config.prefix === "" ? "" : `/${config.prefix}`}`;
  let skewMs = 0;

  const sign = (call: S3Call, at: number): ReturnType<AwsV4Signer["sign"]> =>
    new Signer({
      method: call.method,
      url: addressOf(config, call).href,
      headers: { ...call.headers, "x-amz-content-sha256": createHash("sha256").update(call.body ?? "").digest("hex") },
      body: call.body as BodyInit | undefined,
      accessKeyId: config.accessKeyId,
      secretAccessKey: config.secretAccessKey,
      service: "s3",
      region: config.region,
      cache: signingKeys,
      datetime: amzDate(at),
    }).sign();

  const once = async (call: S3Call): Promise<S3Answer> => {
    call.signal?.throwIfAborted();
    const signedAt = world.now().getTime() + skewMs;
    const signed = await sign(call, signedAt);
    const headers = Object.fromEntries([...signed.headers].filter(([name]) => name !== "host"));
    const answer = await world.http.request({
      url: signed.url.href,
      method: call.method,
      headers,
      ...(call.body ? { body: call.body } : {}),
      timeoutMs: limits.timeoutMs,
      maxBodyBytes: call.maxBodyBytes ?? SMALL_ANSWER_BYTES,
      maxRedirects: 0,
      keepsEncoding: true,
      signal: call.isFinished ? undefined : call.signal,
    });
    const isFine = (answer.status >= 200 && answer.status < 300) || call.accepts?.includes(answer.status);
    if (!isFine) {
      const refused = new RefusedByStore(answer, signedAt);
      skewMs += refused.skewMs ?? 0;
      throw refused;
    }
    return answer;
  };

  const call = async (one: S3Call): Promise<S3Answer> => {
    try {
      const policy = one.isTriedOnce ? { ...limits.retry, attempts: 1 } : limits.retry;
      const isWanted = (error: unknown) => !one.signal?.aborted && isTransient(error);
      return await retrying({ policy, isTransient: isWanted, signal: one.isFinished ? undefined : one.signal }, () => once(one));
    } catch (error) {
      if (one.signal?.aborted) throw one.signal.reason;
      if (!(error instanceof OutboundError || error instanceof RefusedByStore)) throw error;
      throw new AppError("unavailable", `The object store ${label} cannot be used: ${error.message}.${wayOut(error)}`, { cause: error });
    }
  };
  return { call, label };
}

/** True when the store itself said no: what it refused it did not do. */
export const isRefused = (error: unknown): boolean => (error as { cause?: unknown } | null)?.cause instanceof RefusedByStore;

/** True when the store said that it does not know this kind of request. */
export const isNotImplemented = (error: unknown): boolean => {
  const cause = (error as { cause?: unknown } | null)?.cause;
  return cause instanceof RefusedByStore && (cause.status === 501 || cause.status === 405 || cause.code === "NotImplemented");
};
