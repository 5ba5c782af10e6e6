/** Brings a database to this version: tables first, then the queue's own. */
import { withFirstConnect } from "./first-connect.ts";
import { applyMigrations } from "../platform/migrations.ts";

/** Applies what is pending and returns the names. The queue's library is loaded only when there was something. */
export async function migrate(url: string): Promise<string[]> {
  const applied = await withFirstConnect(() => applyMigrations(url));
  if (applied.length > 0) {
    const { installQueue } = await import("../platform/queue/install.ts");
    await installQueue(url);
  }
  return applied;
}
