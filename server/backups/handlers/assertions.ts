/**
 * The plan's own questions to a restored copy. People wrote them, so they are asked by a role that may read this one
 * database and nothing else, one connection each, in a read-only transaction with a time limit.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Context } from "../../platform/context.ts";
import { onDrillServer, type Address } from "../drill-server.ts";
import type { DrillRow } from "../schema.ts";
import type { Assertion } from "../schema/drill-rules.ts";

const NAME_BYTES = 6;
const PASSWORD_BYTES = 24;
const QUESTION_TIMEOUT_MS = 60_000;

type Answer = DrillRow["assertions"][number];

/** `reader` is the role to make; whoever destroys the database removes it. */
export type Asked = Address & { database: string; reader: string };

/** A name for the role that asks; a drill server may have several drills at once. */
export const readerName = (): string => `drill_reader_${randomBytes(NAME_BYTES).toString("hex")}`;

const SCHEMAS = "SELECT nspname AS name FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";

/** The address of the restored database as the reader signs in to it. */
async function createReader(ctx: Context, { reader, ...at }: Asked): Promise<Address> {
  const password = randomBytes(PASSWORD_BYTES).toString("hex");
  const role = pg.escapeIdentifier(reader);
  await onDrillServer(ctx, at, async (client) => {
    await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`);
    for (const { name } of (await client.query<{ name: string }>(SCHEMAS)).rows) {
      const schema = pg.escapeIdentifier(name);
      await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}; GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
    }
  });
  const address = new URL(at.url);
  address.username = reader;
  address.password = password;
  return { ...at, url: address.href };
}

async function ask(ctx: Context, at: Address, { name, sql }: Assertion): Promise<Answer> {
  try {
    return await onDrillServer(ctx, at, async (client) => {
      // Questions are written for the usual search path, which the engines' connections do without.
      await client.query(`SET default_transaction_read_only = on; SET statement_timeout = ${QUESTION_TIMEOUT_MS}; RESET search_path`);
      // The extended protocol takes one statement, so nothing can be appended to the question.
      const { rows } = await client.query<unknown[]>({ text: sql, values: [], rowMode: "array", queryMode: "extended" } as pg.QueryArrayConfig);
      const value = rows[0]?.[0];
      return { name, sql, isTrue: value === true, problem: value === true ? null : rows.length === 0 ? "It returned no row." : `It returned ${String(value)}.` };
    });
  } catch (error) {
    ctx.signal?.throwIfAborted();
    return { name, sql, isTrue: false, problem: (error as Error).message };
  }
}

/** Asks every question of the plan in order. Throws only when the drill was stopped, or the reader could not be made. */
export async function askAssertions(ctx: Context, asked: Asked, assertions: readonly Assertion[]): Promise<Answer[]> {
  if (assertions.length === 0) return [];
  const at = await createReader(ctx, asked);
  const answers: Answer[] = [];
  for (const assertion of assertions) answers.push(await ask(ctx, at, assertion));
  return answers;
}
