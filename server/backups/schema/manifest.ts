/**
 * The manifest: what one backup holds and how to prove it, kept beside the archive and signed. It is written last, so a
 * backup without a manifest is not a backup. Isomorphic: screens show its contents before a restore.
 *
 * Invariants: `archive.chunkSha256` has one entry per frame of the archive in order; `archive.bytes` and
 * `archive.sha256` cover the whole object as it lies in the store; times are ISO 8601 in UTC.
 */
import * as z from "zod";

export const MANIFEST_FORMAT = "seaworthy-backup/1";

/**
 * How the data is read. pg-dump: PostgreSQL's own client. portable: nothing installed, schema and rows by one
 * connection. physical: the files of a whole cluster. folder: files. objects: a bucket's objects.
 */
export const ENGINE_KINDS = ["pg-dump", "portable", "physical", "folder", "objects"] as const;
export const EngineKind = z.enum(ENGINE_KINDS);
export type EngineKind = z.infer<typeof EngineKind>;

export const CIPHERS = ["aes-256-gcm", "none"] as const;
export const Cipher = z.enum(CIPHERS);
export type Cipher = z.infer<typeof Cipher>;

/** Why a backup was taken. `safety`: before a restore replaced something. */
export const TRIGGERS = ["scheduled", "manual", "pre-deploy", "api", "safety", "cli"] as const;
export const Trigger = z.enum(TRIGGERS);
export type Trigger = z.infer<typeof Trigger>;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
/** Exact decimal text; sums of 64-bit hashes and sequence values do not fit a JavaScript number. */
const wholeText = z.string().regex(/^-?\d{1,40}$/);

/**
 * An order-independent hash of a table's rows: the sum of a 64-bit hash of each row. `sampled`: over the rows whose key
 * hashes to 0 modulo `every`, so that the same rows are chosen again after a restore.
 */
export const ContentHash = z.object({ method: z.enum(["full", "sampled"]), every: z.number().int().positive(), rows: count, sum: wholeText });
export type ContentHash = z.infer<typeof ContentHash>;

export const TableFacts = z.object({ schema: z.string(), name: z.string(), rows: count, bytes: count, hash: ContentHash.nullable() });
export type TableFacts = z.infer<typeof TableFacts>;

export const SequenceFacts = z.object({ schema: z.string(), name: z.string(), lastValue: wholeText.nullable() });
export type SequenceFacts = z.infer<typeof SequenceFacts>;

/**
 * What a database held. `exact`: counts and hashes come from the very snapshot that was dumped. `around`: the files of a
 * running cluster were copied, so counts are those of its beginning and a restore may hold somewhat more.
 */
export const DatabaseContent = z.object({
  kind: z.literal("database"),
  database: z.string(),
  consistency: z.enum(["exact", "around"]),
  encoding: z.string(),
  collation: z.string(),
  tables: z.array(TableFacts),
  sequences: z.array(SequenceFacts),
  largeObjects: z.object({ count, sum: wholeText }),
  extensions: z.array(z.object({ name: z.string(), version: z.string() })),
  /** How many of each kind: views, functions, triggers, indexes, constraints, types. */
  objects: z.record(z.string(), count),
});
export type DatabaseContent = z.infer<typeof DatabaseContent>;

/** How many files of a folder a manifest lists by name; the archive itself always knows all. */
export const LISTED_FILES = 2_000;

export const FileFacts = z.object({ path: z.string(), bytes: count, sha256: sha256.nullable() });
export type FileFacts = z.infer<typeof FileFacts>;

/** What a folder or bucket held. `sum` is order-independent over path, size and content of every file. */
export const FilesContent = z.object({
  kind: z.enum(["folder", "bucket"]),
  files: count,
  bytes: count,
  folders: count,
  links: count,
  sum: wholeText,
  /** The first LISTED_FILES files by path. */
  listed: z.array(FileFacts),
  /** What was left out although no rule excluded it, with the reason. */
  leftOut: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type FilesContent = z.infer<typeof FilesContent>;

export const Content = z.discriminatedUnion("kind", [DatabaseContent, FilesContent]);
export type Content = z.infer<typeof Content>;

export const ArchiveFacts = z.object({
  /** Name of the object in the store. */
  name: z.string(),
  bytes: count,
  sha256,
  headerSha256: sha256,
  frameBytes: z.number().int().positive(),
  chunkSha256: z.array(sha256),
  compression: z.literal("zstd"),
  cipher: Cipher,
});
export type ArchiveFacts = z.infer<typeof ArchiveFacts>;

export const Manifest = z.object({
  format: z.literal(MANIFEST_FORMAT),
  /** Id of the backup; also in the archive's header, so two archives cannot be exchanged. */
  id: z.string().regex(/^[A-Za-z0-9_-]{4,64}$/),
  plan: z.object({ id: z.string().nullable(), name: z.string() }),
  trigger: Trigger,
  /** Where the data came from, without secrets. `fingerprint` recognises the same source again. */
  source: z.object({ kind: z.enum(["postgres", "folder", "bucket"]), label: z.string(), version: z.string().nullable(), fingerprint: z.string().nullable() }),
  engine: EngineKind,
  engineReason: z.string(),
  tools: z.record(z.string(), z.string()),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** The moment that a restore brings back. */
  dataAsOf: z.iso.datetime(),
  content: Content,
  /** Bytes before compression. */
  plainBytes: count,
  /** The key of the ring that signed and, unless the cipher is none, encrypted. */
  keyId: z.string(),
  archive: ArchiveFacts,
});
export type Manifest = z.infer<typeof Manifest>;
