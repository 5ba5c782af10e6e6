/**
 * One role alone, against a database that somebody else runs. Everything required comes from the environment; the
 * database must already be at this version unless migrating was asked for. Then this process becomes the role.
 */
import path from "node:path";
import { spawn } from "node:child_process";
import { assertMigrated, readMigrationState } from "../platform/migrations.ts";
import { parseConfig } from "../platform/config.ts";
import { withFirstConnect } from "./first-connect.ts";
import { migrate } from "./migrate.ts";
import { nodeFlags, roleEnvironment } from "./process-flags.ts";

export type RoleOptions = { role: "web" | "worker"; mayMigrate: boolean };

/** Checks, migrates when asked, and turns into `server/<role>.ts`. Throws ConfigError or AppError when it may not start. */
export async function becomeRole(options: RoleOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const { DATABASE_URL } = parseConfig(env);
  if (options.mayMigrate) await migrate(DATABASE_URL);
  else assertMigrated(await withFirstConnect(() => readMigrationState(DATABASE_URL)));
  const file = path.join(import.meta.dirname, `../${options.role}.ts`);
  const flags = nodeFlags(options.role);
  const environment = roleEnvironment(options.role, env);
  if (process.execve) process.execve(process.execPath, [process.execPath, ...flags, file], environment);
  // Systems without exec: a child that gets our signals and gives us its exit code.
  const child = spawn(process.execPath, [...flags, file], { env: environment, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  child.once("exit", (code) => process.exit(code ?? 1));
}
