/** Definitions of a database as SQL text, by the WebAssembly pg_dump in a thread over a socket of this one. */
import path from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import pg from "pg";
import { AppError } from "../../../platform/errors.ts";
import type { PostgresAddress } from "../postgres/address.ts";
import { connectionProblem, LOCK_TIMEOUT, LOCK_TIMEOUT_MS, schemaChanges, tlsFor } from "../postgres/connect.ts";
import type { SchemaAnswer, SchemaWork } from "./schema-worker.ts";

/** Versions of the packaged program and of the format that it writes. */
export const PORTABLE_VERSION = "18.3 (WebAssembly)";
/** Ten thousand tables need some 200 MB in the program. */
const WORKER_MEMORY_MB = 1_024;
const CONNECT_TIMEOUT_MS = 10_000;

export type Section = "pre-data" | "post-data";

function open(at: PostgresAddress, ssl: ReturnType<typeof tlsFor>): Promise<pg.Connection["stream"]> {
  return new Promise((resolve, reject) => {
    const connection = new pg.Connection({ ssl, keepAlive: true } as pg.ConnectionConfig);
    const timer = setTimeout(() => fail(new Error("it does not answer")), CONNECT_TIMEOUT_MS);
    const fail = (error: Error) => {
      clearTimeout(timer);
      connection.stream.destroy();
      reject(error);
    };
    const done = () => {
      clearTimeout(timer);
      // From here on the bytes belong to the program in the thread.
      connection.stream.removeAllListeners("data");
      resolve(connection.stream);
    };
    connection.on("error", fail);
    connection.on("connect", () => (ssl ? (connection as unknown as { requestSsl: () => void }).requestSsl() : done()));
    connection.on("sslconnect", done);
    (connection as unknown as { connect: (port: number, host: string) => void }).connect(at.port, at.address);
  });
}

async function openStream(at: PostgresAddress): Promise<pg.Connection["stream"]> {
  try {
    return await open(at, tlsFor(at));
  } catch (error) {
    const mayBePlain = at.sslMode === "prefer" && error instanceof Error && error.message.includes("does not support SSL");
    if (!mayBePlain) throw connectionProblem(error, at);
    return open(at, false);
  }
}

const quotedValue = (text: string) => `'${text.replaceAll(/['\\]/g, (one) => `\\${one}`)}'`;

function argumentsFor(at: PostgresAddress, section: Section, snapshotId: string): string[] {
  const how = `dbname=${quotedValue(at.database)} user=${quotedValue(at.user)} password=${quotedValue(at.password)} sslmode=disable`;
  return ["-d", how, `--section=${section}`, `--snapshot=${snapshotId}`, `--lock-wait-timeout=${LOCK_TIMEOUT_MS}`, "--no-owner", "--no-privileges", "--no-subscriptions"];
}

function pass(stream: pg.Connection["stream"], port: MessageChannel["port1"], flag: SharedArrayBuffer): void {
  const counter = new Int32Array(flag);
  const hand = (message: Uint8Array | string) => {
    port.postMessage(message);
    Atomics.add(counter, 0, 1);
    Atomics.notify(counter, 0);
  };
  stream.on("data", (data: Buffer) => hand(new Uint8Array(data)));
  stream.on("error", (error: Error) => hand(error.message));
  stream.on("close", () => hand("the server closed the connection"));
  port.on("message", (message: Uint8Array) => stream.write(message));
}

/** One section of the definitions. Throws AppError. */
export async function dumpSchema(request: { at: PostgresAddress; section: Section; snapshotId: string; signal: AbortSignal }): Promise<string> {
  const { at, signal } = request;
  const stream = await openStream(at);
  const { port1, port2 } = new MessageChannel();
  const flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const work: SchemaWork = { args: argumentsFor(at, request.section, request.snapshotId), flag, socket: port2 };
  const worker = new Worker(path.join(import.meta.dirname, "schema-worker.ts"), { workerData: work, transferList: [port2], resourceLimits: { maxOldGenerationSizeMb: WORKER_MEMORY_MB }, stdout: true, stderr: true });
  pass(stream, port1, flag);
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const answer = await new Promise<SchemaAnswer>((resolve, reject) => {
      // Node under a watcher sends messages of its own over the same port.
      worker.on("message", (message: Partial<SchemaAnswer>) => {
        if ("text" in message || "problem" in message) resolve(message as SchemaAnswer);
      });
      worker.once("error", reject);
      worker.once("exit", () => reject(new AppError("unavailable", "The program that reads the definitions ended early.")));
    });
    if ("problem" in answer && LOCK_TIMEOUT.test(answer.problem)) throw schemaChanges(answer.problem);
    if ("problem" in answer) throw new AppError("unavailable", `The definitions could not be read: ${answer.problem.trim().slice(0, 600)}`);
    return answer.text;
  } catch (error) {
    throw signal.aborted ? (signal.reason as Error) : error;
  } finally {
    signal.removeEventListener("abort", stop);
    port1.close();
    stream.destroy();
    await worker.terminate();
  }
}
