import { existsSync } from "node:fs";
import { monotonicMs } from "../../platform/clock.ts";
import { config } from "../../platform/config.ts";
import type { Context } from "../../platform/context.ts";
import { AppError } from "../../platform/errors.ts";
import type { Me, SetupState } from "../schema.ts";

/** The row of `setting` that holds the hash of the setup token while no user exists. */
export const SETUP_TOKEN_KEY = "access.setupToken";

/** Whether the first administrator is missing. The facts for the first step are told only while it is. */
export async function getSetupState(ctx: Context): Promise<SetupState> {
  const [row] = await ctx.db.$queryRaw<{ has_user: boolean; version: string }[]>`
    SELECT EXISTS (SELECT 1 FROM "user") AS has_user, current_setting('server_version') AS version`;
  if (!row || row.has_user) return { isNeeded: false, facts: null };
  // Timed on the connection that is open now: opening it is not what "answers" means.
  const startedAt = monotonicMs();
  await ctx.db.$queryRaw`SELECT 1`;
  const databaseMs = Math.max(1, Math.round(monotonicMs() - startedAt));
  const databaseVersion = row.version.split(" ")[0] ?? row.version;
  return { isNeeded: true, facts: { databaseVersion, databaseMs, areKeysMade: existsSync(config().SEAWORTHY_KEYRING_FILE) } };
}

/** The caller as the console sees it. Throws `unauthorized` for nobody and `precondition` for the console itself. */
export function getMe(ctx: Context): Me {
  const { actor } = ctx;
  switch (actor.kind) {
    case "user":
      return { kind: "user", id: actor.id, name: actor.name, email: actor.email, role: actor.role, sessionId: actor.sessionId, scopes: null };
    case "apiKey":
      return { kind: "apiKey", id: actor.id, name: actor.name, email: null, role: actor.role, sessionId: null, scopes: [...actor.scopes] };
    case "anonymous":
      throw new AppError("unauthorized", "Sign in, or send an API key.");
    case "system":
      throw new AppError("precondition", "The console itself has no account.");
    default:
      return actor satisfies never;
  }
}
