#!/usr/bin/env node
/**
 * Prisma's CLI drives a native "schema engine" binary that it downloads. This is the same engine as WebAssembly from npm,
 * behind the same interface: JSON-RPC, one message a line on standard input and output, plus the small `cli` subcommands.
 * prisma.config.ts points PRISMA_SCHEMA_ENGINE_BINARY here, so `prisma migrate` works without any download.
 * It also works around four defects of @prisma/adapter-pg 7.10, each named where it is handled.
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { parse } from "pg-connection-string";

/** PostgreSQL type ids: the catalog type "char", and text. */
const OID_CHAR = 18;
const OID_TEXT = 25;
/** JSON-RPC error code by which the CLI recognises an engine error. */
const ENGINE_ERROR = 4466;
/** Exit code by which the CLI recognises a panic. */
const PANIC_EXIT_CODE = 101;

const argv = process.argv.slice(2);
const optionValues = (name) => argv.flatMap((word, index) => (word === name ? [argv[index + 1]] : []));
const datasource = JSON.parse(optionValues("--datasource")[0] ?? "{}");
const logError = (fields) => process.stderr.write(`\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}\n`);

/** Runs one statement over a connection of its own. */
async function runOnce(connection, sql) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    if (sql) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** `cli can-connect-to-database | create-database | drop-database`; the exit code is the answer. */
async function runSubcommand(command) {
  const url = new URL(datasource.url);
  const name = pg.escapeIdentifier(decodeURIComponent(url.pathname.slice(1)));
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  switch (command) {
    case "can-connect-to-database":
      return runOnce({ connectionString: String(url) });
    case "create-database":
      return runOnce({ connectionString: String(maintenance) }, `CREATE DATABASE ${name}`);
    case "drop-database":
      return runOnce({ connectionString: String(maintenance) }, `DROP DATABASE ${name} WITH (FORCE)`);
    default:
      throw new Error(`Unknown subcommand ${command}`);
  }
}

/** Columns of type "char", which adapter-pg cannot map (first defect): read as text, relabelled in `relabelled`. */
const charColumns = new Set();

function readCharAsText() {
  const { addFields } = pg.Result.prototype;
  pg.Result.prototype.addFields = function addFieldsWithChar(fields) {
    for (const field of fields) {
      if (field.dataTypeID !== OID_CHAR) continue;
      charColumns.add(field.name);
      field.dataTypeID = OID_TEXT;
    }
    return addFields.call(this, fields);
  };
}

/**
 * Gives "char" columns back the type that the engine expects, and sends a script whole: adapter-pg cuts it at every
 * semicolon, also inside the body of a function (fourth defect).
 */
function relabelled(queryable) {
  const { queryRaw, startTransaction } = queryable;
  queryable.executeScript = async (script) => {
    await queryable.client.query(script).catch((error) => queryable.onError(error));
  };
  queryable.queryRaw = async (query) => {
    const result = await queryRaw.call(queryable, query);
    result.columnNames.forEach((name, index) => {
      const isChar = charColumns.has(name) && result.columnTypes[index] === ColumnTypeEnum.Text;
      const fits = isChar && result.rows.every((row) => row[index] === null || row[index].length === 1);
      if (fits) result.columnTypes[index] = ColumnTypeEnum.Character;
    });
    return result;
  };
  if (startTransaction) queryable.startTransaction = async (...rest) => relabelled(await startTransaction.apply(queryable, rest));
  return queryable;
}

function adapterFactory() {
  const { host, port, user, password, database, ssl } = parse(datasource.url ?? "postgresql://127.0.0.1/none");
  // Fields, not a connection string: adapter-pg overrides `database` for shadows and a string would win (second defect).
  const connection = { host, port: Number(port ?? 5432), user, password, database, ...(ssl === undefined ? {} : { ssl }) };
  const schema = datasource.url ? (new URL(datasource.url).searchParams.get("schema") ?? undefined) : undefined;
  const target = new PrismaPg(connection, { schema });
  return bindMigrationAwareSqlAdapterFactory({
    provider: target.provider,
    adapterName: target.adapterName,
    connect: async () => relabelled(await target.connect()),
    connectToShadowDb: async () => {
      // adapter-pg drops the shadow database before it closes its own pool, which fails (third defect).
      const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
      await runOnce(connection, `CREATE DATABASE "${name}"`);
      const adapter = relabelled(await new PrismaPg({ ...connection, database: name }, { schema }).connect());
      const dispose = adapter.dispose.bind(adapter);
      adapter.dispose = async () => {
        await dispose();
        await runOnce(connection, `DROP DATABASE "${name}" WITH (FORCE)`);
      };
      return adapter;
    },
  });
}

let panicMessage = "";

async function loadEngine() {
  const glue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = await import(glue);
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panicMessage = message) };
  const wasm = fs.readFileSync(glue.replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = optionValues("--datamodels").map((file) => [file, fs.readFileSync(file, "utf8")]);
  const log = (message) => process.env.DEBUG && process.stderr.write(`${message}\n`);
  return bindings.SchemaEngine.new({ datamodels: datamodels.length > 0 ? datamodels : undefined }, log, adapterFactory());
}

/** The shape of an engine error on the wire: a panic, a known error with its code, or anything else. */
function errorData(error) {
  if (panicMessage) return { is_panic: true, message: panicMessage, backtrace: String(error.stack) };
  if (error.code) return { is_panic: false, message: error.message, error_code: error.code, meta: error.meta };
  return { is_panic: false, message: String(error.message ?? error), backtrace: null };
}

async function serve() {
  readCharAsText();
  const engine = await loadEngine();
  const methods = { getDatabaseVersion: "version" };
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  let printed = 0;

  const answer = async (line) => {
    const request = JSON.parse(line);
    if (!request.method) return; // the CLI's reply to our `print`
    try {
      const result = await engine[methods[request.method] ?? request.method](request.params);
      if (request.method === "diff" && result?.stdout) send({ id: ++printed, method: "print", params: { content: result.stdout } });
      send({ id: request.id, result: result ?? null });
    } catch (error) {
      const message = "An error happened. Check the data field for details.";
      send({ id: request.id, error: { code: ENGINE_ERROR, message, data: errorData(error) } });
    }
  };

  let queue = Promise.resolve();
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => {
    queue = queue.then(() => answer(line));
  });
  input.on("close", () => void queue.then(() => process.exit(0)));
}

process.on("uncaughtException", (error) => {
  logError({ message: panicMessage + error.stack });
  process.exit(PANIC_EXIT_CODE);
});

if (argv.includes("cli")) {
  try {
    await runSubcommand(argv.at(-1));
    process.exit(0);
  } catch (error) {
    // P1003: the database does not exist; P1001: it cannot be reached.
    logError({ error_code: error.code === "3D000" ? "P1003" : "P1001", message: error.message });
    process.exit(1);
  }
}
await serve();
