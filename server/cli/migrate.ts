/** `migrate`: brings the database to this version; safe to repeat and to run from several places at once. */
import { migrate } from "../main/migrate.ts";
import { EXIT, type CommandResult } from "./command.ts";
import { withDatabase } from "./session.ts";

/** Applies pending migrations and says which. Throws `precondition` when the database is newer than this version. */
export async function migrateCommand(): Promise<CommandResult> {
  const applied = await withDatabase(migrate);
  const lines = applied.length > 0 ? [`Applied ${applied.length} migrations:`, ...applied.map((name) => `  ${name}`)] : ["Nothing to do: the database is at this version."];
  return { exitCode: EXIT.ok, output: { applied }, lines };
}
