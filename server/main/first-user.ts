/**
 * What a console without users needs: the first administrator from the environment, or a one-time link to create one
 * in the browser. The client of the database is loaded only then.
 */
import pg from "pg";
import type { Config } from "../platform/config.ts";

async function hasUsers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('SELECT 1 FROM "user" LIMIT 1')).rowCount !== 0;
  } finally {
    await client.end();
  }
}

export type Welcome = { kind: "none" } | { kind: "created"; email: string } | { kind: "setup"; token: string };

/** Creates the administrator that SEAWORTHY_ADMIN_* names, or a setup token; nothing when there is a user. */
export async function welcome(values: Config): Promise<Welcome> {
  if (await hasUsers(values.DATABASE_URL)) return { kind: "none" };
  const { systemContext } = await import("../platform/system-context.ts");
  const { ensureAdmin, issueSetupToken } = await import("../access/mutations/index.ts");
  const { closeDatabase } = await import("../platform/db.ts");
  const ctx = systemContext("launcher");
  try {
    const { SEAWORTHY_ADMIN_EMAIL: email, SEAWORTHY_ADMIN_PASSWORD: password } = values;
    if (email && password) {
      const { created } = await ensureAdmin(ctx, { email, password });
      return created ? { kind: "created", email } : { kind: "none" };
    }
    const issued = await issueSetupToken(ctx);
    return issued ? { kind: "setup", token: issued.token } : { kind: "none" };
  } finally {
    await closeDatabase();
  }
}
