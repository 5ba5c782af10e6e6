/**
 * Writes a plain-text dump into an empty database without psql: each piece is one query, each COPY block one stream, and
 * the first error ends it. Commands to psql are never run, so a dump is nothing but SQL of the given role.
 */
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { AppError } from "../../../platform/errors.ts";
import type { Engine, EngineTarget, EngineWorld, RestoreFacts, Selection } from "../engine.ts";
import { connectionProblem, withClient } from "../postgres/connect.ts";
import { resolvePostgres, type PostgresAddress } from "../postgres/address.ts";
import { readPlainSql, type Piece } from "./reader.ts";
import { verdictOn } from "./selection.ts";

/** A setting of a newer version that this server does not know. Dumps begin with such; none of them changes data. */
const UNKNOWN_SETTING = "42704";
const INSUFFICIENT_PRIVILEGE = "42501";
const UNDEFINED_TABLE = "42P01";
/** Objects that only a superuser may make and that hold no rows; a restore without one reports them. */
const SUPERUSER_ONLY = /^(EVENT TRIGGER|FOREIGN DATA WRAPPER|SERVER|USER MAPPING|CAST|PROCEDURAL LANGUAGE|ACCESS METHOD|PUBLICATION|PUBLICATION TABLE|FUNCTION|COMMENT|TRANSFORM)$/;

type Work = { client: pg.Client; admin: pg.Client | null; tables: ReadonlySet<string> | null; facts: RestoreFacts; world: EngineWorld };

const nameOf = (piece: Piece) => (piece.heading ? `${piece.heading.type.toLowerCase()} ${piece.heading.name}` : "the beginning of the dump");

/** Classes of errors (PostgreSQL manual, appendix A) that are the server's trouble: connection, resources, operator, system, internal. */
const SERVER_TROUBLE = /^(08|53|57|58|XX)/;
/** Rights and features that the target lacks. */
const TARGET_LACKS = new Set(["42501", "0A000"]);

/** Whom a failure blames: the archive only when the server understood it and said no to what it holds. */
function codeOf(error: unknown): "mismatch" | "precondition" | "unavailable" {
  const { code = "", severity } = error as { code?: string; severity?: string };
  // What the system or the driver says about the connection has no severity.
  if (severity === undefined || SERVER_TROUBLE.test(code)) return "unavailable";
  return TARGET_LACKS.has(code) ? "precondition" : "mismatch";
}

const failed = (piece: Piece, error: unknown) =>
  new AppError(codeOf(error), `The restore stopped at ${nameOf(piece)}: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });

/** The settings that a dump begins with, one by one. */
async function applySettings(work: Work, text: string): Promise<void> {
  for (const statement of text.split(/;\n/)) {
    await work.client.query(statement).catch((error: unknown) => {
      if ((error as { code?: string }).code !== UNKNOWN_SETTING) throw error;
    });
  }
}

async function runSql(work: Work, piece: Extract<Piece, { kind: "sql" }>): Promise<void> {
  const { heading, text } = piece;
  const verdict = work.tables ? verdictOn(heading, text, work.tables) : "take";
  if (verdict === "leave out") work.facts.leftOut.push({ what: nameOf(piece), reason: "It refers to a table that was not chosen." });
  if (verdict !== "take") return;
  if (heading === null) return applySettings(work, text);
  const isExtension = heading.type === "EXTENSION" || (heading.type === "COMMENT" && heading.name.startsWith("EXTENSION "));
  try {
    await (isExtension && work.admin ? work.admin : work.client).query(text);
  } catch (error) {
    const { code } = error as { code?: string };
    // The value of a sequence whose table was not chosen.
    if (work.tables && heading.type === "SEQUENCE SET" && code === UNDEFINED_TABLE) return;
    const isAllowed = code === INSUFFICIENT_PRIVILEGE && SUPERUSER_ONLY.test(heading.type);
    const isUnneeded = work.tables !== null && ["FUNCTION", "PROCEDURE", "AGGREGATE", "CAST", "OPERATOR"].includes(heading.type);
    if (!isAllowed && !isUnneeded) throw failed(piece, error);
    work.facts.leftOut.push({ what: nameOf(piece), reason: error instanceof Error ? error.message : String(error) });
  }
}

async function runCopy(work: Work, piece: Extract<Piece, { kind: "copy" }>): Promise<void> {
  if (work.tables && verdictOn(piece.heading, "", work.tables) !== "take") return;
  const { from } = await import("pg-copy-streams");
  try {
    await pipeline(piece.rows, work.client.query(from(piece.statement)), { signal: work.world.signal });
  } catch (error) {
    throw error instanceof AppError ? error : failed(piece, error);
  }
  work.facts.written += 1;
  const current = piece.heading ? `${piece.heading.schema}.${piece.heading.name}` : null;
  work.world.onProgress({ bytes: 0, done: work.facts.written, total: null, current });
}

async function play(work: Work, input: AsyncIterable<Uint8Array>): Promise<void> {
  await work.client.query("SET synchronous_commit = off");
  for await (const piece of readPlainSql(input)) {
    work.world.signal.throwIfAborted();
    if (piece.kind === "sql") await runSql(work, piece);
    else await runCopy(work, piece);
  }
  // The dump empties search_path; the planner's statistics are not part of it.
  await work.client.query("ANALYZE");
}

async function withAdmin<T>(target: Extract<EngineTarget, { kind: "database" }>, world: EngineWorld, work: (admin: pg.Client | null) => Promise<T>): Promise<T> {
  if (target.adminUrl === null) return work(null);
  const at = await resolvePostgres({ url: target.adminUrl, reach: target.reach }, world);
  return withClient(at, world.signal, work);
}

function refuseMissing(selection: Selection, facts: RestoreFacts): void {
  if (selection.tables && facts.written < selection.tables.length) {
    throw new AppError("not_found", `The backup holds only ${facts.written} of the ${selection.tables.length} chosen tables.`);
  }
}

/** `restore` of the engines whose archives are plain text. */
export const restorePlainSql: Engine["restore"] = async ({ input, target, selection }, world) => {
  if (target.kind !== "database") throw new AppError("invalid", "This backup is of a database; it can be restored into a database only.");
  const at: PostgresAddress = await resolvePostgres(target, world);
  const facts: RestoreFacts = { written: 0, leftOut: [], files: null };
  const tables = selection.tables ? new Set(selection.tables) : null;
  try {
    await withAdmin(target, world, (admin) => withClient(at, world.signal, (client) => play({ client, admin, tables, facts, world }, input)));
  } catch (error) {
    input.destroy();
    throw error instanceof AppError || world.signal.aborted ? error : connectionProblem(error, at);
  }
  refuseMissing(selection, facts);
  return facts;
};
