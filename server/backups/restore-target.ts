/** Where a restore goes, resolved against the plan's source: an address to connect to, a key that is unique to it, a line for people. */
import path from "node:path";
import { config } from "../platform/config.ts";
import { AppError } from "../platform/errors.ts";
import type { Reach } from "./engines/source.ts";
import type { PlanSource } from "./schema/plan-source.ts";
import type { RestoreTarget } from "./schema/restore-words.ts";
import type { S3StoreConfig } from "./schema/store-config.ts";

export type ResolvedTarget =
  | { kind: "database"; url: string; reach: Reach; database: string; mode: "create" | "replace"; isSourceServer: boolean; key: string; label: string }
  | { kind: "folder"; path: string; key: string; label: string }
  | { kind: "bucket"; bucket: S3StoreConfig; key: string; label: string };

const DEFAULT_PORT = "5432";

const bare = (prefix: string) => prefix.replaceAll(/^\/+|\/+$/g, "");

/** Host and port of an address, for people. */
export const hostOf = (url: string): string => {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || DEFAULT_PORT}`;
};

/** The name of the database in an address. */
export const databaseIn = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/** The address of a plan's source when that is a database. */
export function sourceAddress(source: PlanSource | null): { url: string; reach: Reach } | null {
  if (source?.kind === "self") return { url: config().DATABASE_URL, reach: "direct" };
  return source?.kind === "postgres" ? { url: source.url, reach: "guarded" } : null;
}

function resolveDatabase(target: Extract<RestoreTarget, { kind: "database" }>, source: PlanSource | null): ResolvedTarget {
  const own = sourceAddress(source);
  const chosen = target.url === undefined ? own : { url: target.url, reach: "guarded" as const };
  if (!chosen) throw new AppError("invalid", "Say which server to restore to: this plan has no database of its own.", { detail: { fields: { "target.url": "Needed" } } });
  const isSourceServer = target.url === undefined;
  if (target.mode === "replace" && !(isSourceServer && own && databaseIn(own.url) === target.database)) {
    throw new AppError("invalid", "Only the database that the plan backs up can be replaced. Restore into a new database anywhere else.");
  }
  const label = `${hostOf(chosen.url)}/${target.database}`;
  return { kind: "database", ...chosen, database: target.database, mode: target.mode, isSourceServer, key: `database ${label}`, label };
}

/** Resolves a target. Throws AppError `invalid` for one that does not fit the source or would replace something else than it. */
export function resolveTarget(target: RestoreTarget, source: PlanSource | null): ResolvedTarget {
  switch (target.kind) {
    case "database":
      return resolveDatabase(target, source);
    case "folder": {
      const folder = path.resolve(target.path);
      return { kind: "folder", path: folder, key: `folder ${folder}`, label: folder };
    }
    case "bucket": {
      if (source?.kind !== "bucket") throw new AppError("invalid", "Only backups of a bucket can be restored into one.");
      // As the store reads it: `a/` and `a` are one place.
      const prefix = bare(target.prefix);
      if (prefix === bare(source.bucket.prefix)) throw new AppError("invalid", "Choose another prefix than the source's own.", { detail: { fields: { "target.prefix": "Is the source" } } });
      const label = `${new URL(source.bucket.endpoint).host}/${source.bucket.bucket}/${prefix}`;
      return { kind: "bucket", bucket: { ...source.bucket, prefix }, key: `bucket ${label}`, label };
    }
    default:
      return target satisfies never;
  }
}
