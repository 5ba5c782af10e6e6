/**
 * `backup`: works on stores alone, without console and without its database, so that it works when both are gone. Exit
 * codes: 0 done, 1 failed or damaged, 2 wrong use.
 */
import fs from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { verifyBackup } from "../backups/archive/verify.ts";
import { slugOf } from "../backups/archive/names.ts";
import { encodeRing, recoveryKit } from "../backups/keys/recovery-kit.ts";
import type { Manifest } from "../backups/schema/manifest.ts";
import { OWN_PLAN_NAME } from "../backups/source-words.ts";
import { ensurePrivateDir } from "../platform/secrets.ts";
import { catalogue, findManifest, type Place } from "./backup/find.ts";
import { cliWorld, openOneStore, readBackupKeys, readOptions, readRing, UsageError, type Options } from "./backup/options.ts";
import { restore } from "./backup/restore.ts";
import { prune, take } from "./backup/take.ts";
import { EXIT, type CommandResult } from "./command.ts";

const STORE = "--store /folder | s3://bucket/prefix?endpoint=…  --key-file <key ring or recovery kit>";
/** Every form of the command, a line each. */
export const BACKUP_USAGE = [
  `backup list    ${STORE} [--name <plan>]`,
  `backup verify  ${STORE} --backup <name> | latest [--name <plan>] | --all`,
  `backup restore ${STORE} --backup <name> | latest [--name <plan>]  --to own | parts | env:NAME | <address> [--replace --confirm <database>] [--table schema.name …]`,
  "               … --to-folder <empty folder> [--file <glob> …]  |  --to-data-dir <folder>",
  `backup take    ${STORE} --name <plan> --database own | parts | env:NAME | <address>  |  --folder <folder> [--exclude <glob> …]`,
  `backup prune   ${STORE} --name <plan> --older-than-days <n> [--keep-last 7]`,
  "backup kit     --key-file <key ring> [--out <file>]",
  "backup ring    --key-file <recovery kit> --out <data folder>/keyring.json",
  "`parts` reads DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD; buckets read AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
];

async function placeOf(options: Options, env: NodeJS.ProcessEnv): Promise<Place> {
  const world = cliWorld();
  return { store: await openOneStore(options, env, world), keys: await readBackupKeys(options, env), world };
}

const contents = ({ content }: Manifest) => (content.kind === "database" ? `${content.tables.length} tables, ${content.tables.reduce((sum, table) => sum + table.rows, 0)} rows` : `${content.files} files, ${content.bytes} bytes`);

async function list(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const entries = await catalogue(await placeOf(options, env), options.name);
  const lines = entries.map((entry) => {
    if (!entry.manifest) return `${entry.manifestName}  UNREADABLE: ${entry.problem}`;
    const { archive, dataAsOf, engine } = entry.manifest;
    return `${archive.name}  as of ${dataAsOf}  ${archive.bytes} bytes  ${engine}  ${contents(entry.manifest)}${entry.isArchiveThere ? "" : "  ARCHIVE MISSING"}`;
  });
  const isWhole = entries.every((entry) => entry.manifest !== null && entry.isArchiveThere);
  return { exitCode: isWhole ? EXIT.ok : EXIT.failed, output: { backups: entries }, lines: lines.length === 0 ? ["No backups."] : lines };
}

async function verify(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const place = await placeOf(options, env);
  if (!options.backup && !options.all) throw new UsageError("Name the --backup, or say --all.");
  const entries = options.all ? await catalogue(place, options.name) : [{ manifest: await findManifest(place, options.backup ?? "latest", options.name), manifestName: options.backup ?? "", problem: null }];
  const results: { name: string; isIntact: boolean; problem: string | null }[] = [];
  for (const { manifest, manifestName, problem } of entries) {
    if (!manifest) results.push({ name: manifestName, isIntact: false, problem });
    else {
      const report = await verifyBackup({ store: place.store, manifest, keys: place.keys }, place.world);
      results.push({ name: manifest.archive.name, isIntact: report.isIntact, problem: report.problem });
    }
  }
  const isFine = results.every((result) => result.isIntact);
  const lines = results.map(({ name, isIntact, problem }) => `${name}: ${isIntact ? "intact" : `DAMAGED: ${problem}`}`);
  return { exitCode: isFine ? EXIT.ok : EXIT.failed, output: { results }, lines: lines.length === 0 ? ["No backups."] : lines };
}

/** Writes a private file that does not exist yet. */
async function writeNew(file: string, text: string): Promise<void> {
  const PRIVATE_FILE = 0o600;
  await fs.writeFile(file, text, { mode: PRIVATE_FILE, flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--out ${file}: ${error.code === "EEXIST" ? "exists already" : error.message}.`);
  });
}

async function kit(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const text = recoveryKit(await readRing(options, env), { installation: env.SEAWORTHY_URL ?? hostname(), at: cliWorld().now(), stores: options.store, ownFolder: slugOf(options.name ?? OWN_PLAN_NAME) });
  if (!options.out) return { exitCode: EXIT.ok, output: { kit: text }, lines: [text] };
  await writeNew(options.out, text);
  return { exitCode: EXIT.ok, output: { file: options.out }, lines: [`Wrote ${options.out}. Move it away from the backups.`] };
}

/** The key ring of a kit as the file that a console reads. */
async function ring(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  if (!options.out) throw new UsageError("Name the file to write: --out <data folder>/keyring.json.");
  const keys = await readRing(options, env);
  ensurePrivateDir(path.dirname(options.out));
  await writeNew(options.out, encodeRing(keys));
  return { exitCode: EXIT.ok, output: { file: options.out, current: keys.current }, lines: [`Wrote ${options.out} with ${keys.keys.size} keys; ${keys.current} is current.`] };
}

const VERBS: Record<string, (options: Options, env: NodeJS.ProcessEnv) => Promise<CommandResult>> = { list, verify, restore, take, prune, kit, ring };

/** Runs `backup <args>`. */
export async function backupCommand(args: string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const [verb = "", ...rest] = args;
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  try {
    if (!run) throw new UsageError("Say what to do with backups.");
    return await run(readOptions(rest), env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { exitCode: EXIT.usage, output: { error: error.message, usage: BACKUP_USAGE }, lines: [error.message, ...BACKUP_USAGE] };
  }
}
