/**
 * Uploads of unknown length: one request when everything fits a part, otherwise a multipart upload that becomes visible
 * only when it is complete. Whatever goes wrong, the parts are removed; an answer that was lost is asked for (`mark.ts`).
 */
import { AppError } from "../../../platform/errors.ts";
import type { PutResult } from "../store.ts";
import { isNotImplemented, type S3Client } from "./client.ts";
import { land, newMark } from "./mark.ts";
import { readXml } from "./xml.ts";

const FIRST_PART_BYTES = 8_388_608;
const LARGEST_PART_BYTES = 67_108_864;
/** Parts double every so many, so that 10,000 parts (the protocol's limit) hold some 500 GB while small uploads stay small in memory. */
const PARTS_PER_STEP = 1_000;
const MAX_PARTS = 10_000;
/** Parts on their way at a time; each is held in memory until it has arrived. */
const PARTS_IN_FLIGHT = 2;
const EXISTS = 412;

export type Upload = { key: string; source: AsyncIterable<Uint8Array>; signal?: AbortSignal };

const partBytes = (number: number) => Math.min(FIRST_PART_BYTES * 2 ** Math.floor((number - 1) / PARTS_PER_STEP), LARGEST_PART_BYTES);

type Part = { bytes: Buffer; isLast: boolean };

async function* parts(source: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let number = 1;
  for await (const piece of source) {
    pieces.push(piece);
    held += piece.length;
    while (held > partBytes(number)) {
      const whole = Buffer.concat(pieces);
      const size = partBytes(number);
      yield { bytes: whole.subarray(0, size), isLast: false };
      pieces = [whole.subarray(size)];
      held -= size;
      number += 1;
    }
  }
  yield { bytes: Buffer.concat(pieces), isLast: true };
}

const taken = (key: string) => new AppError("conflict", `${key} exists already. It was not changed.`);

/** Sends with the condition that nothing has this name; services that do not know the condition were asked before. */
async function conditionally(client: S3Client, call: Parameters<S3Client["call"]>[0]): ReturnType<S3Client["call"]> {
  try {
    const answer = await client.call({ ...call, headers: { ...call.headers, "if-none-match": "*" }, accepts: [EXISTS] });
    if (answer.status === EXISTS) throw taken(call.key);
    return answer;
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    return client.call(call);
  }
}

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

async function complete(client: S3Client, upload: Upload, given: { uploadId: string; etags: string[] }): Promise<void> {
  const list = given.etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`).join("");
  const body = Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`);
  const answer = await conditionally(client, { method: "POST", key: upload.key, query: { uploadId: given.uploadId }, headers: { "content-type": "application/xml" }, body, signal: upload.signal, isFinished: true });
  // The protocol may answer 200 and report a failure in the body.
  const { top } = readXml(answer.body, "");
  if (top.Code) throw new AppError("unavailable", `The object store did not complete the upload: ${top.Code}.`);
}

async function multipart(client: S3Client, upload: Upload, pieces: AsyncIterable<Part>): Promise<number> {
  const { key, signal } = upload;
  const mark = newMark();
  const begun = await client.call({ method: "POST", key, query: { uploads: "" }, headers: mark, signal });
  const uploadId = readXml(begun.body, "").top.UploadId;
  if (!uploadId) throw new AppError("unavailable", `The object store ${client.label} did not begin the upload.`);
  const etags: string[] = [];
  const flying = new Set<Promise<void>>();
  let bytes = 0;
  let count = 0;
  const send = async (part: Part, number: number) => {
    const answer = await client.call({ method: "PUT", key, query: { partNumber: String(number), uploadId }, body: part.bytes, signal });
    etags[number - 1] = answer.headers.etag ?? "";
  };
  try {
    for await (const part of pieces) {
      if (++count > MAX_PARTS) throw new AppError("limit", "The backup is larger than the object store's protocol allows.");
      bytes += part.bytes.length;
      const sent: Promise<void> = send(part, count).finally(() => flying.delete(sent));
      flying.add(sent);
      sent.catch(() => undefined);
      if (flying.size >= PARTS_IN_FLIGHT) await Promise.race(flying);
    }
    await Promise.all(flying);
    if (etags.filter(Boolean).length !== count) throw new AppError("unavailable", `The object store ${client.label} lost a part of the upload.`);
    await land(client, { key, mark, signal }, () => complete(client, upload, { uploadId, etags }));
    return bytes;
  } catch (error) {
    await Promise.allSettled(flying);
    // A store that cannot be reached now is swept later.
    await client.call({ method: "DELETE", key, query: { uploadId }, accepts: [404] }).catch(() => undefined);
    throw error;
  }
}

/** Uploads one object. Throws `conflict` when the key is taken. */
export async function uploadObject(client: S3Client, upload: Upload): Promise<PutResult> {
  const { key, signal } = upload;
  const existing = await client.call({ method: "HEAD", key, accepts: [404], signal });
  if (existing.status !== 404) throw taken(key);
  const pieces = parts(upload.source);
  const first = await pieces.next();
  if (first.done) throw new Error("An upload has at least one part.");
  if (first.value.isLast) {
    const mark = newMark();
    const { bytes } = first.value;
    await land(client, { key, mark, signal }, () => conditionally(client, { method: "PUT", key, headers: mark, body: bytes, signal, isFinished: true }));
    return { bytes: bytes.length };
  }
  const opening = first.value;
  async function* all(): AsyncGenerator<Part> {
    yield opening;
    yield* pieces;
  }
  const bytes = await multipart(client, upload, all());
  const stored = await client.call({ method: "HEAD", key, signal });
  if (Number(stored.headers["content-length"]) !== bytes) {
    await client.call({ method: "DELETE", key });
    throw new AppError("unavailable", `The object store ${client.label} kept ${stored.headers["content-length"]} bytes of ${bytes}.`);
  }
  return { bytes };
}
