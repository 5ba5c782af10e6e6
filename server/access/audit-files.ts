/**
 * What the audit trail keeps outside the database, in `<data folder>/audit`: anchors (number and hash of the newest entry,
 * one JSON line each, a file a month) and archives (`audit-<first number>.jsonl.gz`: one entry a line, then one line with
 * the seal: range, hashes and SHA-256 of the lines, encrypted and so authenticated by the keyring).
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip, gzipSync } from "node:zlib";
import * as z from "zod";
import { open, seal } from "../platform/crypto.ts";
import type { ChainEntry, Link } from "./audit-chain.ts";

const SEAL_PURPOSE = "access.auditArchive";
const PRIVATE_DIR = 0o700;
const PRIVATE_FILE = 0o600;
/** Numbers in file names, so that names sort like numbers. */
const SEQ_DIGITS = 12;

const folderOf = (dataDir: string) => path.join(dataDir, "audit");
const isMissing = (error: unknown) => (error as { code?: string }).code === "ENOENT";

async function namesIn(dir: string, form: RegExp): Promise<string[]> {
  const names = await fs.readdir(dir).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.filter((name) => form.test(name)).toSorted();
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const text = file.endsWith(".gz") ? source.pipe(createGunzip()) : source;
  source.on("error", (error) => text.destroy(error));
  yield* createInterface({ input: text, crlfDelay: Infinity });
}

const AnchorLine = z.object({ at: z.string(), seq: z.string().regex(/^\d+$/), hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Adds one anchor and waits until the disk has it. */
export async function appendAnchor(dataDir: string, link: Link, at: Date): Promise<void> {
  await fs.mkdir(folderOf(dataDir), { recursive: true, mode: PRIVATE_DIR });
  const line = `${JSON.stringify({ at: at.toISOString(), seq: link.seq.toString(), hash: link.hash })}\n`;
  const file = await fs.open(path.join(folderOf(dataDir), `anchors-${at.toISOString().slice(0, 7)}.jsonl`), "a", PRIVATE_FILE);
  try {
    await file.appendFile(line);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Every anchor in the order it was written. A last line cut short by a crash is skipped. */
export async function readAnchors(dataDir: string): Promise<Link[]> {
  const anchors: Link[] = [];
  for (const name of await namesIn(folderOf(dataDir), /^anchors-\d{4}-\d{2}\.jsonl$/)) {
    for await (const line of linesOf(path.join(folderOf(dataDir), name))) {
      const parsed = AnchorLine.safeParse(readJson(line));
      if (parsed.success) anchors.push({ seq: BigInt(parsed.data.seq), hash: parsed.data.hash });
    }
  }
  return anchors;
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that was cut short says nothing; what it would have said is missing and shows as such.
    return null;
  }
}

const Seal = z.object({ from: z.string(), to: z.string(), previousHash: z.string(), hash: z.string(), sha256: z.string() });
const SealLine = z.object({ seal: z.string() });

/** An archive that is complete and on disk under another name. `keep` gives it its name, `discard` removes it. */
export type DraftArchive = { file: string; keep: () => Promise<void>; discard: () => Promise<void> };

/** Writes the entries after `previous` as one archive. They must be in order and not empty. */
export async function writeArchive(dataDir: string, previous: Link, entries: AsyncIterable<ChainEntry>): Promise<DraftArchive> {
  const dir = path.join(folderOf(dataDir), "archive");
  await fs.mkdir(dir, { recursive: true, mode: PRIVATE_DIR });
  const first = previous.seq + 1n;
  const file = path.join(dir, `audit-${first.toString().padStart(SEQ_DIGITS, "0")}.jsonl.gz`);
  const partial = `${file}.${randomUUID()}.partial`;
  const discard = () => fs.rm(partial, { force: true });
  const digest = createHash("sha256");
  async function* lines(): AsyncGenerator<string> {
    let last: ChainEntry | null = null;
    for await (const entry of entries) {
      const line = `${JSON.stringify(entry)}\n`;
      digest.update(line);
      last = entry;
      yield line;
    }
    const facts = { from: first.toString(), to: last?.id ?? "", previousHash: previous.hash, hash: last?.hash ?? "", sha256: digest.digest("hex") };
    yield `${JSON.stringify({ seal: seal(JSON.stringify(facts), SEAL_PURPOSE) })}\n`;
  }
  try {
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(partial, { mode: PRIVATE_FILE, flush: true }));
  } catch (error) {
    await discard();
    throw error;
  }
  return { file, keep: () => fs.rename(partial, file), discard };
}

/** The seal that counts, the last one; null for an archive that was cut short. */
export async function sealOfArchive(file: string): Promise<string | null> {
  let sealed: string | null = null;
  for await (const line of linesOf(file)) {
    const parsed = line.startsWith('{"seal":') ? SealLine.safeParse(readJson(line)) : null;
    if (parsed?.success) sealed = parsed.data.seal;
  }
  return sealed;
}

/** Seals an archive again with the present key: a second compressed part with another last line, under the same name in one step. */
export async function resealArchive(file: string, sealed: string): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  const line = `${JSON.stringify({ seal: seal(open(sealed, SEAL_PURPOSE), SEAL_PURPOSE) })}\n`;
  try {
    await fs.copyFile(file, partial);
    await fs.appendFile(partial, gzipSync(line), { flush: true });
    await fs.rename(partial, file);
  } catch (error) {
    await fs.rm(partial, { force: true });
    throw error;
  }
}

/** Paths of the archives, oldest first. */
export async function listArchives(dataDir: string): Promise<string[]> {
  const dir = path.join(folderOf(dataDir), "archive");
  return (await namesIn(dir, /^audit-\d{12}\.jsonl\.gz$/)).map((name) => path.join(dir, name));
}

/**
 * Reads an archive entry by entry. Throws AppError `internal` when its seal does not open with the keyring, and Error when
 * the seal is missing or speaks of other lines; entries before that were already handed out.
 */
export async function* readArchive(file: string): AsyncGenerator<ChainEntry> {
  const digest = createHash("sha256");
  let sealed: string | null = null;
  for await (const line of linesOf(file)) {
    const value = readJson(line);
    const asSeal = SealLine.safeParse(value);
    if (asSeal.success) {
      sealed = asSeal.data.seal;
      continue;
    }
    digest.update(`${line}\n`);
    yield value as ChainEntry;
  }
  if (sealed === null) throw new Error("the archive ends before its seal");
  const facts = Seal.parse(JSON.parse(open(sealed, SEAL_PURPOSE)));
  if (facts.sha256 !== digest.digest("hex")) throw new Error("the archive's lines are not those that were sealed");
}
