/** What can be backed up, as an engine receives it: decrypted and complete. */
import type { S3StoreConfig } from "../schema/store-config.ts";

/**
 * Whose choice an address is. `guarded`: a user of the console wrote it, so the egress policy decides and the checked
 * address is connected. `direct`: the operator of the machine wrote it (the console's own database, the command line).
 */
export type Reach = "guarded" | "direct";

export type PostgresSource = { kind: "postgres"; url: string; reach: Reach };

/** Patterns are globs relative to the folder; `exclude` wins. */
export type FolderSource = {
  kind: "folder";
  path: string;
  include: string[];
  exclude: string[];
  /** Symbolic links: refused (the run fails and names them), kept as links, or left out. Devices, pipes and sockets are never kept. */
  links: "refuse" | "keep" | "skip";
};

export type BucketSource = { kind: "bucket"; bucket: S3StoreConfig };

export type Source = PostgresSource | FolderSource | BucketSource;
export type SourceKind = Source["kind"];

/** What engines can read each kind of source. */
export const ENGINES_FOR = {
  postgres: ["pg-dump", "portable", "physical"],
  folder: ["folder"],
  bucket: ["objects"],
} as const satisfies Record<SourceKind, readonly string[]>;
