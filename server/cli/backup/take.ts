/** `backup take` and `backup prune`: a backup without a console, and the end of old ones. */
import { hostname } from "node:os";
import path from "node:path";
import { takeBackup } from "../../backups/archive/take.ts";
import type { NamedStore } from "../../backups/archive/operations.ts";
import { chooseEngine } from "../../backups/engines/choose.ts";
import { loadEngine } from "../../backups/engines/engine.ts";
import { findPgDump } from "../../backups/engines/pg-dump/client.ts";
import { labelOf } from "../../backups/engines/postgres/address.ts";
import type { Source } from "../../backups/engines/source.ts";
import { HASH_FULL_UP_TO_BYTES } from "../../backups/schema/hash-limit.ts";
import { EngineKind } from "../../backups/schema/manifest.ts";
import { DAY_MS } from "../../platform/clock.ts";
import { AppError } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { EXIT, type CommandResult } from "../command.ts";
import { catalogue } from "./find.ts";
import { cliWorld, openStores, readBackupKeys, UsageError, type Options } from "./options.ts";
import { reachDatabase, scratchParent, type Reached } from "./own-database.ts";

type Chosen = { source: Source; label: string; close: Reached["close"] };

async function chooseSource(options: Options, env: NodeJS.ProcessEnv): Promise<Chosen> {
  if (options.database && !options.folder) {
    const { url, close } = await reachDatabase(options.database, env);
    return { source: { kind: "postgres", url, reach: "direct" }, label: labelOf(url), close };
  }
  if (!options.folder || options.database) throw new UsageError("Name what to back up: --database or --folder.");
  const folder = path.resolve(options.folder);
  return { source: { kind: "folder", path: folder, include: [], exclude: options.exclude, links: "keep" }, label: `${hostname()}:${folder}`, close: () => Promise.resolve() };
}

async function decideEngine(options: Options, source: Source, world: ReturnType<typeof cliWorld>) {
  const wish = options.engine === "auto" ? "auto" : EngineKind.safeParse(options.engine).data;
  if (!wish) throw new UsageError(`--engine is auto or one of ${EngineKind.options.join(", ")}.`);
  const client = source.kind === "postgres" ? await findPgDump() : null;
  const portable = await loadEngine(source.kind === "folder" ? "folder" : "portable");
  const look = await portable.preflight(source, { ...world, signal: new AbortController().signal, onProgress: () => undefined, scratchDir: "/" });
  const problem = look.findings.find((finding) => finding.level === "problem");
  if (problem) throw new AppError("precondition", problem.message);
  const serverMajor = look.version === null ? null : Number.parseInt(look.version, 10);
  return { choice: chooseEngine({ source: source.kind, wish, serverMajor, clientMajor: client?.major ?? null }), sourceBytes: look.sourceBytes };
}

/** Takes one backup into every store. */
export async function take(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  if (!options.name) throw new UsageError("Give the backup a --name; it begins its file names.");
  const world = cliWorld();
  const keys = await readBackupKeys(options, env);
  const stores: NamedStore[] = (await openStores(options, env, world)).map((store) => ({ id: store.label, store }));
  const { source, label, close } = await chooseSource(options, env);
  try {
    const { choice } = await decideEngine(options, source, world);
    const taken = await takeBackup(
      {
        id: newId("bkp"),
        plan: { id: null, name: options.name },
        trigger: "cli",
        source,
        sourceLabel: label,
        engine: { kind: choice.engine, reason: choice.reason },
        stores,
        keys,
        cipher: "aes-256-gcm",
        settings: { hashFullUpToBytes: HASH_FULL_UP_TO_BYTES },
        scratchParent: await scratchParent(env),
        onProgress: () => undefined,
      },
      world,
    );
    const failed = taken.stores.filter((store) => !store.isStored);
    const { archive } = taken.manifest;
    const { content } = taken.manifest;
    const holds = content.kind === "database" ? `${content.tables.length} tables` : `${content.files} files`;
    const lines = [`${archive.name}: ${holds}, ${archive.bytes} bytes by ${choice.engine}. ${choice.reason}`, ...taken.stores.map((store) => `${store.id}: ${store.isStored ? "stored" : `FAILED: ${store.problem}`}`)];
    return { exitCode: failed.length === 0 ? EXIT.ok : EXIT.failed, output: { name: archive.name, bytes: archive.bytes, engine: choice, stores: taken.stores }, lines };
  } finally {
    await close();
  }
}

const whole = (text: string | undefined, name: string): number => {
  if (text === undefined || !/^\d{1,5}$/.test(text)) throw new UsageError(`--${name} takes a whole number.`);
  return Number(text);
};

/**
 * Removes backups of one name older than so many days. The newest `--keep-last` readable ones always stay, and nothing is
 * removed that cannot be read: age alone never empties a store.
 */
export async function prune(options: Options, env: NodeJS.ProcessEnv): Promise<CommandResult> {
  if (!options.name) throw new UsageError("Name whose backups to remove: --name.");
  const world = cliWorld();
  const days = whole(options["older-than-days"], "older-than-days");
  const keepLast = Math.max(1, whole(options["keep-last"], "keep-last"));
  const keys = await readBackupKeys(options, env);
  const removed: string[] = [];
  for (const store of await openStores(options, env, world)) {
    const usable = (await catalogue({ store, keys, world }, options.name)).filter((entry) => entry.manifest !== null && entry.isArchiveThere);
    for (const { manifest, manifestName } of usable.slice(0, -keepLast)) {
      if (!manifest || world.now().getTime() - Date.parse(manifest.startedAt) <= days * DAY_MS) continue;
      // The manifest last: an archive without one is still found by its name, a manifest without archive says what is missing.
      await store.delete(manifest.archive.name);
      await store.delete(manifestName);
      removed.push(`${store.label}: ${manifest.archive.name}`);
    }
  }
  return { exitCode: EXIT.ok, output: { removed }, lines: removed.length === 0 ? ["Nothing is old enough to go."] : removed.map((name) => `removed ${name}`) };
}
