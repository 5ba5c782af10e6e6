/**
 * The plan's own questions to a restored copy. People wrote them, so they are asked by a role that may read and nothing else,
 * one connection each, in a read-only transaction with a time limit.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import type { DrillRow } from "../schema.ts";
import type { Assertion } from "../schema/drill-rules.ts";

const READER = "drill_reader";
const PASSWORD_BYTES = 24;
const QUESTION_TIMEOUT_MS = 60_000;

type Answer = DrillRow["assertions"][number];

/** The address of the restored database as the reader signs in to it. */
async function createReader(url: string, database: string): Promise<string> {
  const password = randomBytes(PASSWORD_BYTES).toString("hex");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE ROLE ${READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}; GRANT pg_read_all_data TO ${READER}`);
  } finally {
    await client.end();
  }
  const address = new URL(url);
  address.username = READER;
  address.password = password;
  address.pathname = `/${encodeURIComponent(database)}`;
  return address.href;
}

async function ask(url: string, { name, sql }: Assertion): Promise<Answer> {
  const client = new pg.Client({ connectionString: url, statement_timeout: QUESTION_TIMEOUT_MS, query_timeout: QUESTION_TIMEOUT_MS });
  try {
    await client.connect();
    await client.query("SET default_transaction_read_only = on");
    // The extended protocol takes one statement, so nothing can be appended to the question.
    const { rows } = await client.query<unknown[]>({ text: sql, values: [], rowMode: "array", queryMode: "extended" } as pg.QueryArrayConfig);
    const value = rows[0]?.[0];
    return { name, sql, isTrue: value === true, problem: value === true ? null : rows.length === 0 ? "It returned no row." : `It returned ${String(value)}.` };
  } catch (error) {
    return { name, sql, isTrue: false, problem: (error as Error).message };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Asks every question of the plan in order. Never throws for what a question says. */
export async function askAssertions(scratchUrl: string, database: string, assertions: readonly Assertion[]): Promise<Answer[]> {
  if (assertions.length === 0) return [];
  const url = await createReader(scratchUrl, database);
  const answers: Answer[] = [];
  for (const assertion of assertions) answers.push(await ask(url, assertion));
  return answers;
}
