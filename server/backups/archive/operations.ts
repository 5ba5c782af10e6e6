/**
 * What can be done with backups, as the rest of the console and the command line call it. These functions know streams,
 * stores and keys; plans, runs and their states are the callers'.
 */
import type { Clock } from "../../platform/clock.ts";
import type { Outbound } from "../../platform/http/outbound.ts";
import type { DumpSettings, EngineTarget, Progress, Selection } from "../engines/engine.ts";
import type { Source } from "../engines/source.ts";
import type { Cipher, EngineKind, Manifest, Trigger } from "../schema/manifest.ts";
import type { Store } from "../stores/store.ts";
import type { BackupKeys } from "../keys/backup-keys.ts";

export type World = { http: Outbound; now: Clock; signal?: AbortSignal };

/** Bytes as they pass each stage, for live figures. `stored` counts what the slowest store has taken. */
export type RunProgress = Progress & { phase: "reading" | "finishing"; archiveBytes: number };

export type NamedStore = { id: string; store: Store };

export type TakeRequest = {
  /** Id of the backup; the archive and the manifest carry it. */
  id: string;
  /** `name` becomes the folder and the beginning of file names; other characters than letters, digits and - become -. */
  plan: { id: string | null; name: string };
  trigger: Trigger;
  source: Source;
  /** What screens call the source, without secrets. */
  sourceLabel: string;
  engine: { kind: EngineKind; reason: string };
  stores: NamedStore[];
  keys: BackupKeys;
  cipher: Cipher;
  settings: DumpSettings;
  /** Folder under which a private working folder is made for the run. */
  scratchParent: string;
  onProgress: (progress: RunProgress) => void;
};

export type StoreOutcome = { id: string; isStored: boolean; problem: string | null };

export type TakenBackup = {
  manifest: Manifest;
  /** Name of the manifest in every store that has the backup. */
  manifestName: string;
  /** One entry for each store asked; at least one is stored. */
  stores: StoreOutcome[];
};

/** Takes one backup. Throws AppError when no store holds it in the end; partial objects are removed. Aborting cleans up too. */
export type TakeBackup = (request: TakeRequest, world: World) => Promise<TakenBackup>;

export type VerifyReport = {
  isIntact: boolean;
  /** What is wrong, for people; null when intact. */
  problem: string | null;
  bytes: number;
  chunks: number;
};

/** Reads a stored backup whole: signature, length, hashes of every chunk, decryption. Touches no target. Throws only when the store cannot be read or the run is aborted. */
export type VerifyBackup = (
  request: { store: Store; manifest: Manifest; keys: BackupKeys; onProgress?: (bytes: number) => void },
  world: World,
) => Promise<VerifyReport>;

/** One entry of a store's catalogue: a readable, signed manifest, or why it is not one. */
export type CatalogueEntry =
  | { manifestName: string; manifest: Manifest; isArchiveThere: boolean; problem: null }
  | { manifestName: string; manifest: null; isArchiveThere: boolean | null; problem: string };

/** Rebuilds the catalogue from a store alone. Entries come by name, so each plan's by time. */
export type ReadCatalogue = (request: { store: Store; keys: BackupKeys; prefix?: string }, world: World) => AsyncIterable<CatalogueEntry>;

/** One difference between the manifest and what was restored. `around` backups report moved counts as notes. */
export type Difference = { severity: "wrong" | "note"; what: string; expected: string; found: string };

export type ComparisonReport = { isEqual: boolean; tables: number; rows: string; differences: Difference[] };

export type RestorePhase = "checking" | "preparing" | "restoring" | "comparing" | "swapping" | "done";

/**
 * Where to restore. A database is built under a name of its own and gets its final name when everything is compared;
 * `replace` keeps the former one as `<name>_before_<stamp>`. `url` is a connection that may create databases.
 */
export type RestorePlace =
  | { kind: "database"; url: string; reach: "guarded" | "direct"; database: string; mode: "create" | "replace"; isUntrusted: boolean }
  | Exclude<EngineTarget, { kind: "database" }>;

export type RestoreRequest = {
  store: Store;
  manifest: Manifest;
  keys: BackupKeys;
  place: RestorePlace;
  selection: Selection;
  scratchParent: string;
  onProgress: (progress: Progress & { phase: RestorePhase }) => void;
};

export type RestoreReport = {
  comparison: ComparisonReport | null;
  leftOut: { what: string; reason: string }[];
  /** Set when a database was replaced: the name under which the former one is kept. */
  formerName: string | null;
  seconds: number;
};

/**
 * Restores. Every chunk is verified before the target is touched. Throws AppError when anything fails or the comparison
 * finds a difference; then nothing carries the target's name that did not before.
 */
export type RestoreBackup = (request: RestoreRequest, world: World) => Promise<RestoreReport>;
