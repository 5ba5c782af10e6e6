/** A bucket as a store. Objects are read by ranges, so a broken connection costs one range and memory stays small. */
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { AppError } from "../../../platform/errors.ts";
import type { S3StoreConfig } from "../../schema/store-config.ts";
import { isObjectName, type Store, type StoredObject, type StoreFacts, type StoreWorld } from "../store.ts";
import { openClient, S3_LIMITS, type S3Client, type S3Limits } from "./client.ts";
import { uploadObject } from "./upload.ts";
import { readXml } from "./xml.ts";

const RANGE_BYTES = 8_388_608;
const NOT_FOUND = 404;
const NOT_SATISFIABLE = 416;

export type S3Options = {
  /** `ours`: only names that backups have. `any`: whatever a bucket that is backed up holds. */
  names?: "ours" | "any";
  limits?: S3Limits;
};

type Bucket = { client: S3Client; keyOf: (name: string) => string; nameOf: (key: string) => string };

async function stat({ client, keyOf }: Bucket, name: string): Promise<StoredObject | null> {
  const answer = await client.call({ method: "HEAD", key: keyOf(name), accepts: [NOT_FOUND] });
  if (answer.status === NOT_FOUND) return null;
  return { name, bytes: Number(answer.headers["content-length"] ?? 0), modifiedAt: new Date(answer.headers["last-modified"] ?? 0) };
}

async function* ranges(bucket: Bucket, name: string, given: { start: number; end: number; signal?: AbortSignal }): AsyncGenerator<Uint8Array> {
  const { client, keyOf } = bucket;
  for (let start = given.start; start < given.end; start += RANGE_BYTES) {
    const end = Math.min(start + RANGE_BYTES, given.end);
    const answer = await client.call({
      method: "GET",
      key: keyOf(name),
      headers: { range: `bytes=${start}-${end - 1}` },
      maxBodyBytes: RANGE_BYTES,
      accepts: [NOT_FOUND, NOT_SATISFIABLE],
      signal: given.signal,
    });
    if (answer.status === NOT_FOUND) throw new AppError("not_found", `${client.label} holds no ${name}.`);
    if (answer.status !== 206 || answer.body.length !== end - start) throw new AppError("unavailable", `${client.label} did not return the asked part of ${name}.`);
    yield answer.body;
  }
}

async function* list({ client, keyOf, nameOf }: Bucket, prefix: string, signal?: AbortSignal): AsyncGenerator<StoredObject> {
  let token: string | undefined;
  do {
    const query = { "list-type": "2", prefix: keyOf(prefix), ...(token ? { "continuation-token": token } : {}) };
    const { top, items } = readXml((await client.call({ method: "GET", key: "", query, signal })).body, "Contents");
    for (const item of items) {
      const key = item.Key ?? "";
      if (key.endsWith("/")) continue; // a folder that some tools draw
      yield { name: nameOf(key), bytes: Number(item.Size), modifiedAt: new Date(item.LastModified ?? 0) };
    }
    token = top.IsTruncated === "true" ? top.NextContinuationToken : undefined;
  } while (token);
}

/** What the bucket says about itself; services that do not say are not asked again. */
async function settingOf(client: S3Client, name: "versioning" | "object-lock", isOn: (top: Record<string, string>) => boolean): Promise<boolean | null> {
  const answer = await client.call({ method: "GET", key: "", query: { [name]: "" }, accepts: [400, 403, NOT_FOUND, 405, 501] });
  if (answer.status === NOT_FOUND) return false;
  return answer.status === 200 ? isOn(readXml(answer.body, "").top) : null;
}

async function check(store: Store, client: S3Client): Promise<StoreFacts> {
  const text = `check_${randomBytes(8).toString("hex")}`;
  await store.put(text, Readable.from([Buffer.from(text)]));
  let read = "";
  for await (const piece of await store.get(text)) read += String(piece);
  await store.delete(text);
  if (read !== text) throw new AppError("unavailable", `${client.label} does not return what was written.`);
  return {
    freeBytes: null,
    isVersioned: await settingOf(client, "versioning", (top) => top.Status === "Enabled"),
    isLocked: await settingOf(client, "object-lock", (top) => top.ObjectLockEnabled === "Enabled"),
  };
}

async function sweep({ client, keyOf }: Bucket, before: Date): Promise<number> {
  const answer = await client.call({ method: "GET", key: "", query: { uploads: "", prefix: keyOf("") }, accepts: [400, NOT_FOUND, 405, 501] });
  if (answer.status !== 200) return 0;
  let removed = 0;
  for (const item of readXml(answer.body, "Upload").items) {
    if (!item.Key || !item.UploadId || !(new Date(item.Initiated ?? Number.NaN) < before)) continue;
    await client.call({ method: "DELETE", key: item.Key, query: { uploadId: item.UploadId }, accepts: [NOT_FOUND] });
    removed += 1;
  }
  return removed;
}

/** Opens a bucket. Nothing is connected until the first call. */
export async function openS3Store(config: S3StoreConfig, world: StoreWorld, options: S3Options = {}): Promise<Store> {
  const client = await openClient(config, world, options.limits ?? S3_LIMITS);
  const prefix = config.prefix.replaceAll(/^\/+|\/+$/g, "");
  const lead = prefix === "" ? "" : `${prefix}/`;
  const bucket: Bucket = { client, keyOf: (name) => lead + name, nameOf: (key) => key.slice(lead.length) };
  const judged = (name: string) => {
    if (options.names !== "any" && !isObjectName(name)) throw new AppError("invalid", `${JSON.stringify(name)} is not a name that a store can keep.`);
    return name;
  };
  const store: Store = {
    kind: "s3",
    label: client.label,
    put: async (name, source, { signal } = {}) => uploadObject(client, { key: bucket.keyOf(judged(name)), source, signal }),
    get: async (name, { start = 0, end, signal } = {}) => {
      const stop = end ?? (await stat(bucket, judged(name)))?.bytes;
      if (stop === undefined) throw new AppError("not_found", `${client.label} holds no ${name}.`);
      return Readable.from(ranges(bucket, judged(name), { start, end: stop, signal }), { objectMode: false });
    },
    list: (start = "", signal) => list(bucket, start, signal),
    stat: (name) => stat(bucket, judged(name)),
    delete: async (name) => void (await client.call({ method: "DELETE", key: bucket.keyOf(judged(name)), accepts: [NOT_FOUND] })),
    check: () => check(store, client),
    sweep: (before) => sweep(bucket, before),
  };
  return store;
}
