/**
 * Sends a file to the console: packed while it is read, never whole in memory, and again from its beginning when the
 * connection breaks. One Idempotency-Key for all tries makes it arrive once.
 */
import { createReadStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { retryAfterMs } from "../retrying-fetch.ts";
import { CliError, EXIT, type World } from "./command.ts";
import { sizeOf } from "./files.ts";
import { explain } from "./failures.ts";

const ATTEMPTS = 4;
const FIRST_DELAY_MS = 1_000;
/** A limit that asks for longer is told to the person instead of being waited for. */
const MAX_DELAY_MS = 60_000;
/** What the console takes at most; it says so itself, but only after the bytes. */
const MAX_BYTES = 200 * 1_024 * 1_024;
/** Between two lines of progress. */
const PROGRESS_MS = 1_000;

const WORTH_REPEATING = new Set([408, 429, 502, 503, 504]);

export type Upload = {
  /** Below /api/v1, e.g. "/coverage/reports". */
  path: string;
  query: Record<string, string | undefined>;
  file: string;
};

const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;

/** The file, packed, as a body; tells progress about the unpacked bytes. */
function bodyOf(file: string, { size, name, tell }: { size: number; name: string; tell: World["progress"] }): ReadableStream {
  let read = 0;
  let toldAt = performance.now();
  const source = createReadStream(file);
  source.on("data", (part) => {
    read += part.length;
    if (performance.now() - toldAt < PROGRESS_MS) return;
    toldAt = performance.now();
    tell(`${name}: ${megabytes(read)} of ${megabytes(size)}`);
  });
  const packed = createGzip();
  source.on("error", (error) => packed.destroy(error));
  return Readable.toWeb(source.pipe(packed)) as ReadableStream;
}

type Problem = { detail?: string; error?: string; requestId?: string };

async function refusalOf(answer: Response): Promise<CliError> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const message = problem.detail ?? `The console answered ${answer.status}.`;
  const isUnreachable = answer.status === 401 || answer.status === 403 || WORTH_REPEATING.has(answer.status);
  return new CliError(answer.status >= 500 && problem.requestId ? `${message} (request ${problem.requestId})` : message, isUnreachable ? EXIT.unreachable : EXIT.failed);
}

type Try = { answer: Response } | { lost: unknown };

async function attempt(world: World, target: URL, { file, key }: { file: string; key: string }): Promise<Try> {
  const { apiKey } = world.connection();
  const whole = path.resolve(world.cwd, file);
  const body = bodyOf(whole, { size: sizeOf(world.cwd, file), name: file, tell: world.progress });
  const headers = { "content-type": "application/octet-stream", "content-encoding": "gzip", "idempotency-key": key, ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) };
  try {
    return { answer: await world.fetch(target, { method: "POST", headers, body, duplex: "half" } as RequestInit) };
  } catch (error) {
    return { lost: error };
  }
}

/** Sends the file and returns the console's answer. Throws CliError with what the console said, or that it cannot be reached. */
export async function upload<Answer>(world: World, { path: below, query, file }: Upload): Promise<Answer> {
  const size = sizeOf(world.cwd, file);
  if (size === 0) throw new CliError(`${file} is empty.`, EXIT.usage);
  if (size > MAX_BYTES) throw new CliError(`${file} has ${megabytes(size)}; the console takes ${megabytes(MAX_BYTES)} at most.`, EXIT.usage);
  const { url } = world.connection();
  const target = new URL(`${url}/api/v1${below}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) target.searchParams.set(name, value);
  const key = crypto.randomUUID();
  for (let count = 1; ; count++) {
    const tried = await attempt(world, target, { file, key });
    if ("answer" in tried && tried.answer.ok) return (await tried.answer.json()) as Answer;
    const refusal = "answer" in tried ? await refusalOf(tried.answer) : explain(tried.lost, url);
    const asked = "answer" in tried ? retryAfterMs(tried.answer.headers.get("retry-after"), Date.now()) : null;
    const isWorthIt = "lost" in tried || WORTH_REPEATING.has(tried.answer.status);
    const waitMs = asked ?? Math.random() * FIRST_DELAY_MS * 2 ** count;
    if (!isWorthIt || count >= ATTEMPTS || waitMs > MAX_DELAY_MS) throw refusal;
    world.progress(`${refusal instanceof Error ? refusal.message : String(refusal)} Trying again in ${Math.ceil(waitMs / 1_000)} s.`);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
