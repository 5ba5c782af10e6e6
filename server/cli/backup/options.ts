/** The options of `backup …`, and what they mean: stores, keys, databases. Secrets come from files and the environment. */
import fs from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { backupKeys, type BackupKeys } from "../../backups/keys/backup-keys.ts";
import { readKeys } from "../../backups/keys/recovery-kit.ts";
import { StoreConfig } from "../../backups/schema/store-config.ts";
import { openStore } from "../../backups/stores/open.ts";
import type { Store } from "../../backups/stores/store.ts";
import type { World } from "../../backups/archive/operations.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Keyring } from "../../platform/crypto.ts";
import { createOutbound } from "../../platform/http/guarded.ts";

/** The words of a command were wrong; nothing was done. */
export class UsageError extends Error {}

const NONE: string[] = [];

const OPTIONS = {
  store: { type: "string", multiple: true, default: NONE },
  "key-file": { type: "string" },
  "key-env": { type: "string" },
  name: { type: "string" },
  backup: { type: "string" },
  all: { type: "boolean", default: false },
  database: { type: "string" },
  folder: { type: "string" },
  exclude: { type: "string", multiple: true, default: NONE },
  engine: { type: "string", default: "auto" },
  to: { type: "string" },
  "to-folder": { type: "string" },
  "to-data-dir": { type: "string" },
  table: { type: "string", multiple: true, default: NONE },
  file: { type: "string", multiple: true, default: NONE },
  replace: { type: "boolean", default: false },
  confirm: { type: "string" },
  "older-than-days": { type: "string" },
  "keep-last": { type: "string", default: "7" },
  out: { type: "string" },
} as const;

const parse = (args: string[]) => parseArgs({ args, options: OPTIONS, strict: true }).values;

export type Options = ReturnType<typeof parse>;

/** Reads the words after the verb. Throws UsageError. */
export function readOptions(args: string[]): Options {
  try {
    return parse(args);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `env:NAME` stands for the value of a variable, so that passwords stay off the command line. */
export function fromEnvironment(text: string, env: NodeJS.ProcessEnv): string {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  if (name === undefined) return text;
  const value = env[name]?.trim();
  if (!value) throw new UsageError(`The variable ${name} is empty.`);
  return value;
}

/** `/folder`, `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…&path-style=false`. Throws UsageError. */
export function readStoreAddress(text: string, env: NodeJS.ProcessEnv): StoreConfig {
  const isS3 = text.startsWith("s3://");
  const parsed = isS3 ? StoreConfig.safeParse(s3Config(text, env)) : StoreConfig.safeParse({ kind: "local", folder: path.resolve(text.startsWith("file://") ? new URL(text).pathname : text) });
  if (parsed.success) return parsed.data;
  throw new UsageError(`--store ${text}: ${parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join(", ")}`);
}

function s3Config(text: string, env: NodeJS.ProcessEnv): object {
  if (!URL.canParse(text)) throw new UsageError(`--store ${text} cannot be read.`);
  const url = new URL(text);
  const region = url.searchParams.get("region") ?? env.AWS_REGION ?? "us-east-1";
  const endpoint = url.searchParams.get("endpoint") ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`;
  return {
    kind: "s3",
    endpoint,
    region,
    bucket: url.hostname,
    prefix: decodeURIComponent(url.pathname.slice(1)).replace(/\/$/, ""),
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    pathStyle: url.searchParams.get("path-style") !== "false",
  };
}

/** The command line acts for the operator of the machine, so private addresses are open to it; metadata addresses are not. */
export function cliWorld(): World {
  return { http: createOutbound({ allow: ["0.0.0.0/0", "::/0"] }), now: systemClock };
}

/** Opens every store that was named. Throws UsageError without one. */
export async function openStores(options: Options, env: NodeJS.ProcessEnv, world: World): Promise<Store[]> {
  if (options.store.length === 0) throw new UsageError("Say where backups lie: --store /folder or --store s3://bucket/prefix.");
  return Promise.all(options.store.map((text) => openStore(readStoreAddress(text, env), world)));
}

/** The one store of commands that read. */
export async function openOneStore(options: Options, env: NodeJS.ProcessEnv, world: World): Promise<Store> {
  const [store, ...others] = await openStores(options, env, world);
  if (!store || others.length > 0) throw new UsageError("Name one --store.");
  return store;
}

/** The key ring of --key-file, --key-env, or SEAWORTHY_KEYRING_FILE. Throws UsageError. */
export async function readRing(options: Options, env: NodeJS.ProcessEnv): Promise<Keyring> {
  if (options["key-env"]) return readKeys(fromEnvironment(`env:${options["key-env"]}`, env));
  const file = options["key-file"] ?? env.SEAWORTHY_KEYRING_FILE;
  if (!file) throw new UsageError("Name the keys: --key-file <key ring or recovery kit>.");
  const text = await fs.readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--key-file ${file} cannot be read: ${error.code ?? error.message}.`);
  });
  return readKeys(text);
}

export const readBackupKeys = async (options: Options, env: NodeJS.ProcessEnv): Promise<BackupKeys> => backupKeys(await readRing(options, env));
