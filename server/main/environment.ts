/**
 * What the launcher gives its processes to read: with the embedded database, everything that is required is generated
 * in the data folder; with DATABASE_URL set, everything required must be there. All problems are found before anything
 * is written or started.
 */
import path from "node:path";
import { CONFIG_FIELDS, parseConfig, type Config } from "../platform/config.ts";
import { ensureSecrets } from "../platform/secrets.ts";

/** Stand-ins that let the rest be checked while the database and the secrets do not exist yet. */
const PENDING = {
  DATABASE_URL: "postgresql://127.0.0.1/pending",
  AUTH_SECRET: "stands-in-until-it-is-generated-0123456789",
  SEAWORTHY_KEYRING_FILE: "pending",
};

/** True when the embedded database is wanted. */
export const isEmbedded = (env: NodeJS.ProcessEnv): boolean => !env.DATABASE_URL?.trim();

function withDefaults(env: NodeJS.ProcessEnv, defaults: Record<string, string>): NodeJS.ProcessEnv {
  const missing = Object.entries(defaults).filter(([name]) => !env[name]?.trim());
  return { ...env, ...Object.fromEntries(missing) };
}

/** The folder of everything that is kept, absolute. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return path.resolve(env.SEAWORTHY_DATA_DIR?.trim() || String(CONFIG_FIELDS.SEAWORTHY_DATA_DIR.default));
}

/** Throws ConfigError with every problem of the environment; writes nothing. */
export function checkEnvironment(env: NodeJS.ProcessEnv): Config {
  return parseConfig(isEmbedded(env) ? withDefaults(env, PENDING) : env);
}

/** Adds generated secrets in embedded mode. The database's address is still missing then. */
export function withSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return isEmbedded(env) ? withDefaults(env, ensureSecrets(dataDirOf(env))) : env;
}

/** Adds how Next and the logger run: for people on a terminal and in development, else for machines. */
export function withManner(env: NodeJS.ProcessEnv, manner: { isDev: boolean; isTerminal: boolean }): NodeJS.ProcessEnv {
  const isForPeople = manner.isDev || manner.isTerminal;
  return withDefaults({ ...env, NODE_ENV: manner.isDev ? "development" : "production" }, isForPeople ? { LOG_FORMAT: "pretty" } : {});
}
