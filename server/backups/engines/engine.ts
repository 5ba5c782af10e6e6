/**
 * How data is read and written back: one interface, one file an engine. An engine streams plain bytes; compression,
 * encryption and stores are not its concern. It never decides whether a backup is good: it reports facts.
 */
import type { Readable } from "node:stream";
import type { Clock } from "../../platform/clock.ts";
import type { Outbound } from "../../platform/http/outbound.ts";
import type { BlockWriter } from "../archive/blocks.ts";
import type { Content, EngineKind, FilesContent } from "../schema/manifest.ts";
import type { BucketSource, FolderSource, PostgresSource, Reach, Source } from "./source.ts";

export type Progress = {
  /** Plain bytes so far. */
  bytes: number;
  /** Tables, files or objects finished, and how many there are when that is known. */
  done: number;
  total: number | null;
  /** What is being worked on: `public.orders`, `photos/1.jpg`. */
  current: string | null;
};

export type EngineWorld = {
  http: Outbound;
  now: Clock;
  signal: AbortSignal;
  /** Called at most some times a second. */
  onProgress: (progress: Progress) => void;
  /** A private folder for what must be a file; removed by the caller. Nothing of the data is written there. */
  scratchDir: string;
};

export type DumpSettings = {
  /** Tables larger than this many bytes get a sampled hash instead of one over every row. */
  hashFullUpToBytes: number;
  /** Longest wait for a table that a change of the schema holds; 30 seconds unless given. */
  lockTimeoutMs?: number;
};

/** One finding before a run. `problem` stops it, `warning` does not. */
export type Finding = { level: "ok" | "warning" | "problem"; code: string; message: string };

export type Preflight = {
  findings: Finding[];
  /** Version of the source, e.g. "18.4". */
  version: string | null;
  /** Bytes of the source as it lies there; a backup is usually smaller. */
  sourceBytes: number | null;
  /** Recognises the same source again: system identifier and database, or the real path. */
  fingerprint: string | null;
  /** Extensions that the database has installed. */
  extensions: string[];
};

export type DumpFacts = {
  content: Content;
  version: string | null;
  fingerprint: string | null;
  tools: Record<string, string>;
  dataAsOf: Date;
};

/**
 * A place to restore into. A database must exist and be empty; a folder must be empty or absent. `adminUrl` is a superuser's
 * way into the same database, used for nothing but the extensions of the server when `url` is a role without that right.
 */
export type EngineTarget =
  | { kind: "database"; url: string; reach: Reach; adminUrl: string | null }
  | { kind: "cluster"; dataDir: string }
  | { kind: "folder"; path: string }
  | { kind: "bucket"; bucket: BucketSource["bucket"] };

/** What to bring back: everything, or some tables (`schema.name`) or files (globs). */
export type Selection = { tables?: string[]; files?: string[] };

export type RestoreFacts = {
  /** Tables, files or objects written. */
  written: number;
  /** What could not be brought back and why, e.g. an event trigger that needs a superuser. */
  leftOut: { what: string; reason: string }[];
  /** Files and objects: what was written, in the numbers of the manifest. Null for databases, which are asked afterwards. */
  files: Pick<FilesContent, "files" | "bytes" | "sum"> | null;
  /** Buckets only, which cannot be dropped as a whole: removes what was written and returns the failure to throw. */
  takeBack?: (failure: unknown) => Promise<unknown>;
};

export type Engine<S extends Source = Source> = {
  readonly kind: EngineKind;
  /** Asks the source what a run will meet. Throws only when aborted. */
  preflight: (source: S, world: EngineWorld) => Promise<Preflight>;
  /** Writes the source into `out` and ends it. Throws AppError; `out` is destroyed then. */
  dump: (request: { source: S; out: BlockWriter; settings: DumpSettings }, world: EngineWorld) => Promise<DumpFacts>;
  /** Reads what `dump` wrote. Throws AppError at the first error; the target is then unusable and the caller drops it. A bucket is as it was before. */
  restore: (request: { input: Readable; target: EngineTarget; selection: Selection }, world: EngineWorld) => Promise<RestoreFacts>;
};

type SourceOf = { "pg-dump": PostgresSource; portable: PostgresSource; physical: PostgresSource; folder: FolderSource; objects: BucketSource };

/** Every engine by its kind, loaded on first use: their libraries are large and most processes never back anything up. */
export const ENGINES: { [K in EngineKind]: () => Promise<Engine<SourceOf[K]>> } = {
  "pg-dump": async () => (await import("./pg-dump/engine.ts")).pgDumpEngine,
  portable: async () => (await import("./portable/engine.ts")).portableEngine,
  physical: async () => (await import("./physical/engine.ts")).physicalEngine,
  folder: async () => (await import("./folder/engine.ts")).folderEngine,
  objects: async () => (await import("./objects/engine.ts")).objectsEngine,
};

/** The engine of one kind, for a source whose kind fits it. */
export async function loadEngine(kind: EngineKind): Promise<Engine> {
  return (await ENGINES[kind]()) as Engine;
}
