/**
 * The world of one command: the environment, a reachable and migrated database, and a context in which "cli" acts. The
 * embedded database is started when it does not run, and stopped again only if nobody else uses it by then.
 */
import { checkEnvironment, dataDirOf, isEmbedded, withSecrets } from "../main/environment.ts";
import { findInstance } from "../main/instance.ts";
import { migrate } from "../main/migrate.ts";
import { config, environment } from "../platform/config.ts";
import type { Context } from "../platform/context.ts";
import { startEmbedded } from "../platform/embedded/cluster.ts";
import { assertMigrated, readMigrationState } from "../platform/migrations.ts";

/** Logs would mix with the command's answer on standard output. */
const QUIET = "silent";

/** Runs `work` with the address of the database; throws ConfigError when the environment is unusable. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = environment();
  checkEnvironment(given);
  const env = { LOG_LEVEL: QUIET, ...withSecrets(given) };
  const dataDir = dataDirOf(env);
  const embedded = isEmbedded(env) ? await startEmbedded({ dataDir }) : null;
  Object.assign(given, env, embedded ? { DATABASE_URL: embedded.url } : {});
  try {
    return await work(config().DATABASE_URL);
  } finally {
    if (embedded && !embedded.isAttached && !findInstance(dataDir)) await embedded.stop();
  }
}

/** Runs `work` with a context over a migrated database. Only the embedded database is migrated on the way. */
export async function withContext<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
  const mayMigrate = isEmbedded(environment());
  return withDatabase(async (url) => {
    if (mayMigrate) await migrate(url);
    else assertMigrated(await readMigrationState(url));
    const { systemContext } = await import("../platform/system-context.ts");
    const { closeDatabase } = await import("../platform/db.ts");
    try {
      return await work(systemContext("cli"));
    } finally {
      await closeDatabase();
    }
  });
}
