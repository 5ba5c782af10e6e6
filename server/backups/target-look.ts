/** What a restore would meet at its target: whether it exists, who is connected, whether the user may create databases. */
import { readdir } from "node:fs/promises";
import type { Context } from "../platform/context.ts";
import { toAppError } from "../platform/errors.ts";
import { availableOn, missingExtensions } from "./extensions.ts";
import type { RestoreOutlook } from "./schema/restore-words.ts";
import type { ResolvedTarget } from "./restore-target.ts";
import type { S3StoreConfig } from "./schema/store-config.ts";

export type TargetLook = { exists: boolean; sessions: RestoreOutlook["sessions"]; problems: string[] };

const LOOK_TIMEOUT_MS = 15_000;
const MOST_SESSIONS = 50;
const SESSIONS = `
  SELECT coalesce(usename, '') AS user, coalesce(application_name, '') AS application, client_addr::text AS address, backend_start AS since
  FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_catalog.pg_backend_pid() ORDER BY backend_start LIMIT ${MOST_SESSIONS}`;

async function lookAtServer(ctx: Context, target: Extract<ResolvedTarget, { kind: "database" }>, extensions: readonly string[]): Promise<TargetLook> {
  const [{ resolvePostgres, withDatabaseName }, { withClient }] = await Promise.all([import("./engines/postgres/address.ts"), import("./engines/postgres/connect.ts")]);
  const signal = AbortSignal.any([AbortSignal.timeout(LOOK_TIMEOUT_MS), ...(ctx.signal ? [ctx.signal] : [])]);
  const at = await resolvePostgres({ url: withDatabaseName(target.url, "postgres"), reach: target.reach }, { http: ctx.http, signal });
  return withClient(at, signal, async (client) => {
    const { rows: found } = await client.query("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1", [target.database]);
    const { rows: rights } = await client.query<{ may: boolean }>("SELECT rolsuper OR rolcreatedb AS may FROM pg_catalog.pg_roles WHERE rolname = current_user");
    const { rows: sessions } = await client.query<RestoreOutlook["sessions"][number]>(SESSIONS, [target.database]);
    const missing = missingExtensions(extensions, await availableOn(client), "The server");
    const exists = found.length > 0;
    return {
      exists,
      sessions: exists ? sessions : [],
      problems: [
        ...(rights[0]?.may ? [] : ["The user may not create databases on this server. Grant CREATEDB, or restore to another server."]),
        ...(missing === null ? [] : [`${missing} The backup cannot be restored without: install it there, or restore to another server.`]),
        ...(exists && target.mode === "create" ? [`There is a database ${target.database} already. Choose another name.`] : []),
        ...(!exists && target.mode === "replace" ? [`There is no database ${target.database} to replace. Restore into a new one.`] : []),
      ],
    };
  });
}

async function lookAtFolder(folder: string): Promise<TargetLook> {
  try {
    const isEmpty = (await readdir(folder)).length === 0;
    return { exists: true, sessions: [], problems: isEmpty ? [] : [`${folder} is not empty. Choose a folder that is, or a new one.`] };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { exists: false, sessions: [], problems: [] };
    return { exists: true, sessions: [], problems: [`${folder} cannot be read: ${(error as Error).message}`] };
  }
}

async function lookAtBucket(ctx: Context, bucket: S3StoreConfig): Promise<TargetLook> {
  const { openS3Store } = await import("./stores/s3/store.ts");
  const store = await openS3Store(bucket, { http: ctx.http, now: ctx.now }, { names: "any" });
  for await (const { name } of store.list("", ctx.signal)) return { exists: true, sessions: [], problems: [`There is ${name} below this prefix already. Choose a prefix that holds nothing.`] };
  return { exists: false, sessions: [], problems: [] };
}

/** Looks at the target, which must have the extensions of the backup. What cannot be reached is a problem, not an error. */
export async function lookAtTarget(ctx: Context, target: ResolvedTarget, extensions: readonly string[]): Promise<TargetLook> {
  try {
    if (target.kind === "database") return await lookAtServer(ctx, target, extensions);
    return target.kind === "folder" ? await lookAtFolder(target.path) : await lookAtBucket(ctx, target.bucket);
  } catch (error) {
    ctx.signal?.throwIfAborted();
    return { exists: false, sessions: [], problems: [toAppError(error).message] };
  }
}
