/** `backup restore`: into a database, a folder or a data folder, from nothing but a store and a key file. */
import type { RestorePlace } from "../../backups/archive/operations.ts";
import { databaseOf } from "../../backups/engines/postgres/address.ts";
import { restoreBackup } from "../../backups/restore/restore.ts";
import { EXIT, type CommandResult } from "../command.ts";
import { findManifest } from "./find.ts";
import { cliWorld, openOneStore, readBackupKeys, UsageError, type Options } from "./options.ts";
import { clearEmptyTarget, reachDatabase, scratchParent } from "./own-database.ts";

type Destination = { place: RestorePlace; close: () => Promise<void> };

const stays = () => Promise.resolve();

/** A database that holds tables is replaced only when its name was typed. */
async function intoDatabase(options: Options, env: NodeJS.ProcessEnv, to: string): Promise<Destination> {
  const { url, close } = await reachDatabase(to, env);
  const database = databaseOf(url);
  const isThere = await clearEmptyTarget(url);
  if (isThere && !(options.replace && options.confirm === database)) {
    await close();
    throw new UsageError(`The database ${database} holds data. To replace it add --replace --confirm ${database}; the former one is kept under another name.`);
  }
  return { place: { kind: "database", url, reach: "direct", database, mode: isThere ? "replace" : "create", isUntrusted: false }, close };
}

async function destination(options: Options, env: NodeJS.ProcessEnv): Promise<Destination> {
  const named = [options.to, options["to-folder"], options["to-data-dir"]].filter((value) => value !== undefined);
  if (named.length !== 1) throw new UsageError("Name one target: --to <database>, --to-folder or --to-data-dir.");
  if (options["to-folder"]) return { place: { kind: "folder", path: options["to-folder"] }, close: stays };
  if (options["to-data-dir"]) return { place: { kind: "cluster", dataDir: options["to-data-dir"] }, close: stays };
  return intoDatabase(options, env, options.to ?? "");
}

/** Restores one backup, proven before and compared after. */
export async function restore(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  if (!options.backup) throw new UsageError("Name the --backup, or say latest.");
  const world = cliWorld();
  const place = { store: await openOneStore(options, env, world), keys: await readBackupKeys(options, env), world };
  const manifest = await findManifest(place, options.backup, options.name);
  const target = await destination(options, env);
  const selection = { ...(options.table.length > 0 ? { tables: options.table } : {}), ...(options.file.length > 0 ? { files: options.file } : {}) };
  try {
    const report = await restoreBackup({ store: place.store, manifest, keys: place.keys, place: target.place, selection, scratchParent: await scratchParent(env), onProgress: () => undefined }, world);
    const notes = report.comparison?.differences.map(({ what, expected, found }) => `note: ${what}: ${expected} in the backup, ${found} now`) ?? [];
    const lines = [
      `Restored ${manifest.archive.name}, as of ${manifest.dataAsOf}, in ${report.seconds.toFixed(1)} s.`,
      ...(report.comparison ? [`Compared with the manifest: ${report.comparison.tables} ${manifest.content.kind === "database" ? `tables, ${report.comparison.rows} rows` : "files"}, equal.`] : []),
      ...(report.formerName ? [`The former database is kept as ${report.formerName}.`] : []),
      ...notes,
      ...report.leftOut.map(({ what, reason }) => `left out: ${what}: ${reason}`),
    ];
    return { exitCode: EXIT.ok, output: { backup: manifest.archive.name, dataAsOf: manifest.dataAsOf, ...report }, lines };
  } finally {
    await target.close();
  }
}
