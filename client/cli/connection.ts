/**
 * Where the console is and which key to use. The key comes from the environment or from the file that `seaworthy login`
 * wrote, never from the command line, where other users of the machine and CI logs could read it.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CliError, EXIT } from "./command.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type Connection = { url: string; apiKey: string | undefined; from: "environment" | "login" };

type Stored = { url: string; apiKey: string };

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** The file of `seaworthy login`, in the folder where programs keep their settings. */
export function loginFile(env: Env): string {
  const base = env["XDG_CONFIG_HOME"] ?? (process.platform === "win32" ? env["APPDATA"] : undefined) ?? path.join(os.homedir(), ".config");
  return path.join(base, "seaworthy", "login.json");
}

function readLogin(env: Env): Stored | null {
  const file = loginFile(env);
  let written: string;
  try {
    written = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const stored = parse(written);
  if (!stored) throw new CliError(`${file} is not readable as a login. Run \`seaworthy login\` again.`);
  return stored;
}

function parse(written: string): Stored | null {
  try {
    const { url, apiKey } = JSON.parse(written) as Partial<Stored>;
    return typeof url === "string" && typeof apiKey === "string" ? { url, apiKey } : null;
  } catch {
    return null;
  }
}

/** Keeps the login in a file that only this user may read, whole or not at all. Returns the file. */
export function writeLogin(env: Env, stored: Stored): string {
  const file = loginFile(env);
  mkdirSync(path.dirname(file), { recursive: true, mode: PRIVATE_FOLDER });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(stored, null, 2)}\n`, { mode: PRIVATE_FILE });
  chmodSync(draft, PRIVATE_FILE);
  renameSync(draft, file);
  return file;
}

/** An address that calls can be made to, without a slash at its end. Throws CliError for anything else. */
export function consoleUrl(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new CliError(`${written} is no address of a console. Write it as https://console.example.`, EXIT.usage);
  if (url.username || url.password) throw new CliError("Put no credentials into the address; use SEAWORTHY_API_KEY.", EXIT.usage);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** The connection in force: `--url` and the environment before the login file. Throws CliError when there is no address. */
export function findConnection(env: Env, urlOption?: string): Connection {
  const login = readLogin(env);
  const written = urlOption ?? env["SEAWORTHY_URL"];
  if (written !== undefined && written !== "") {
    const url = consoleUrl(written);
    const apiKey = env["SEAWORTHY_API_KEY"] || (login?.url === url ? login.apiKey : undefined);
    return { url, apiKey, from: "environment" };
  }
  if (login) return { url: login.url, apiKey: env["SEAWORTHY_API_KEY"] || login.apiKey, from: "login" };
  throw new CliError("Which console? Set SEAWORTHY_URL and SEAWORTHY_API_KEY, or run `seaworthy login --url https://console.example`.", EXIT.usage);
}
