/**
 * A thread that runs pg_dump compiled to WebAssembly for definitions alone. The program reads and writes its connection
 * synchronously, so the thread sleeps on shared memory while the main thread owns the socket and passes bytes on.
 */
import { receiveMessageOnPort, workerData, parentPort, type MessagePort } from "node:worker_threads";
import { pgDump } from "@electric-sql/pglite-tools/pg_dump";

export type SchemaWork = { args: string[]; flag: SharedArrayBuffer; socket: MessagePort };
export type SchemaAnswer = { text: string } | { problem: string };

const { args, flag, socket } = workerData as SchemaWork;
const counter = new Int32Array(flag);

/** A server that says nothing for this long in the middle of reading catalogues is gone. */
const SILENCE_MS = 120_000;

function read(): Uint8Array {
  for (;;) {
    const seen = Atomics.load(counter, 0);
    const received = receiveMessageOnPort(socket);
    if (received) {
      const message: unknown = received.message;
      if (typeof message === "string") throw new Error(message);
      return message as Uint8Array;
    }
    if (Atomics.wait(counter, 0, seen, SILENCE_MS) === "timed-out") throw new Error("the server does not answer");
  }
}

const TERMINATE = 0x58;
const READY = 0x5a;
const AUTHENTICATION = 0x52;
const ERROR = 0x45;
const HEAD_BYTES = 5;
/** Authentication messages after which the server says more by itself. */
const AUTHENTICATED = 0;
const SASL_FINAL = 12;

let isStarting = true;

/** Looks at whole messages of the server: true when the last one means that it waits for us. */
function isServerWaiting(held: Buffer): { rest: Buffer; isWaiting: boolean } {
  let offset = 0;
  let isWaiting = false;
  while (held.length - offset >= HEAD_BYTES) {
    const length = held.readInt32BE(offset + 1);
    if (held.length - offset < length + 1) break;
    const type = held[offset];
    if (type === READY) isWaiting = true;
    else if (type === AUTHENTICATION) isWaiting = ![AUTHENTICATED, SASL_FINAL].includes(held.readInt32BE(offset + HEAD_BYTES));
    else isWaiting = type === ERROR && isStarting;
    if (type === READY) isStarting = false;
    offset += length + 1;
  }
  return { rest: held.subarray(offset), isWaiting };
}

/** The part of a PGlite instance that the program uses. */
const connection = {
  query: () => Promise.resolve({ rows: [{ search_path: "public" }] }),
  exec: () => Promise.resolve([]),
  execProtocolRawStream(message: Uint8Array, { onRawData }: { onRawData: (data: Uint8Array) => void }): void {
    socket.postMessage(new Uint8Array(message));
    if (message[0] === TERMINATE) return;
    let held: Buffer = Buffer.alloc(0);
    for (;;) {
      const data = read();
      onRawData(data);
      const looked = isServerWaiting(Buffer.concat([held, data]));
      held = looked.rest;
      if (looked.isWaiting && held.length === 0) return;
    }
  },
};

const answer = (message: SchemaAnswer) => parentPort?.postMessage(message);

try {
  const file = await pgDump({ pg: connection as unknown as Parameters<typeof pgDump>[0]["pg"], args });
  answer({ text: await file.text() });
} catch (error) {
  answer({ problem: error instanceof Error ? error.message : String(error) });
}
socket.close();
