/**
 * A place for backups. Every store keeps the same promises: an object appears whole under its name or not at all; what
 * `put` answered is on stable storage; an existing name is never overwritten; names cannot leave the store's folder or
 * prefix; memory does not grow with the object.
 */
import type { Readable } from "node:stream";
import type { Clock } from "../../platform/clock.ts";
import type { Outbound } from "../../platform/http/outbound.ts";
import type { StoreConfig, StoreKind } from "../schema/store-config.ts";

/** Names are relative, with / between parts, e.g. `orders/orders_20270115_020000_7XJ6RD.swb`. */
const NAME_PATTERN = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/;
const NAME_MAX_LENGTH = 400;

/** True for names that every store can keep: no traversal, no empty part, nothing a file system reads in its own way. */
export const isObjectName = (name: string): boolean => name.length <= NAME_MAX_LENGTH && NAME_PATTERN.test(name);

export type StoredObject = {
  name: string;
  bytes: number;
  /** As the store reports it. Clocks of stores differ: never decide retention by it. */
  modifiedAt: Date;
};

export type StoreFacts = {
  /** Bytes still free, where the store knows: a bucket does not. */
  freeBytes: number | null;
  /** The bucket keeps old versions of objects; null where the service does not say. */
  isVersioned: boolean | null;
  /** The bucket protects objects from deletion for a time; null where the service does not say. */
  isLocked: boolean | null;
};

export type PutResult = { bytes: number };

export type Store = {
  readonly kind: StoreKind;
  /** For people, without secrets: `/var/backups` or `s3.example.com/bucket/prefix`. */
  readonly label: string;
  /**
   * Writes one object as it comes; the source is pulled no faster than the store takes it. Throws AppError `conflict` when
   * the name exists, `unavailable` with the reason otherwise; then nothing stays under the name.
   */
  put: (name: string, source: AsyncIterable<Uint8Array>, options?: { signal?: AbortSignal }) => Promise<PutResult>;
  /** Reads an object or its bytes from `start` up to, not including, `end`. Throws `not_found`. */
  get: (name: string, options?: { start?: number; end?: number; signal?: AbortSignal }) => Promise<Readable>;
  /** Every object whose name begins with `prefix`, by name. */
  list: (prefix?: string, signal?: AbortSignal) => AsyncIterable<StoredObject>;
  /** Facts about one object, null when there is none. */
  stat: (name: string) => Promise<StoredObject | null>;
  /** Removes an object; one that is gone already is fine. */
  delete: (name: string) => Promise<void>;
  /** Proves that the store can be written, read and deleted by doing so with a tiny object. Throws `unavailable`. */
  check: (signal?: AbortSignal) => Promise<StoreFacts>;
  /** Removes what killed writers left behind and began before `before`. Returns how many. */
  sweep: (before: Date) => Promise<number>;
};

/** What a store needs of the world. */
export type StoreWorld = { http: Outbound; now: Clock };

/** Opens a store of one kind. Nothing is connected until the first call. */
export type OpenStore<C extends StoreConfig> = (config: C, world: StoreWorld) => Promise<Store>;
