/**
 * BASE_BACKUP of the replication protocol (PostgreSQL manual, "Streaming Replication Protocol"): one copy stream whose
 * messages are `n` (an archive begins), `d` (its bytes), `m` (the manifest begins) and `p` (progress).
 */
import type { Writable } from "node:stream";
import type pg from "pg";
import { AppError } from "../../../platform/errors.ts";
import type { EngineWorld } from "../engine.ts";
import { PART, partHead } from "./parts.ts";

const NEW_ARCHIVE = 0x6e;
const DATA = 0x64;
const MANIFEST = 0x6d;
const PROGRESS = 0x70;

const COMMAND = "BASE_BACKUP (LABEL 'seaworthy', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256', PROGRESS true)";

type Sink = { out: Writable; world: EngineWorld };

/** A query of the driver that hands every copy message on, pausing the socket while `out` is full. */
class BaseBackupQuery {
  readonly #sink: Sink;
  readonly #settle: { resolve: () => void; reject: (error: Error) => void };
  #archives = 0;
  #isManifest = false;
  #isPaused = false;
  #connection: pg.Connection | null = null;

  constructor(sink: Sink, settle: { resolve: () => void; reject: (error: Error) => void }) {
    this.#sink = sink;
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    (connection as unknown as { query: (text: string) => void }).query(COMMAND);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const body = chunk.subarray(1);
    if (chunk[0] === NEW_ARCHIVE) this.#archives += 1;
    else if (chunk[0] === MANIFEST) this.#isManifest = true;
    else if (chunk[0] === DATA && (this.#isManifest || this.#archives === 1)) this.#write(this.#isManifest ? PART.list : PART.tar, body);
    else if (chunk[0] === PROGRESS) this.#sink.world.onProgress({ bytes: Number(body.readBigInt64BE()), done: 0, total: null, current: null });
  }

  #write(kind: number, body: Buffer): void {
    const stream = this.#connection?.stream;
    // The driver reuses its buffer, so what waits in `out` must be a copy.
    if (this.#sink.out.write(Buffer.concat([partHead(kind, body.length), body]))) return;
    // What was read already goes on being handed over while the socket is paused.
    if (this.#isPaused) return;
    this.#isPaused = true;
    stream?.pause();
    this.#sink.out.once("drain", () => {
      this.#isPaused = false;
      stream?.resume();
    });
  }

  handleReadyForQuery(): void {
    if (this.#archives === 1) return this.#settle.resolve();
    this.#settle.reject(new AppError("precondition", `The cluster has ${this.#archives - 1} tablespaces outside of its folder; a physical backup cannot keep them. Choose the portable engine.`));
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
}

/** Copies the cluster's files and the server's list of them into `out`, which stays open. Throws AppError. */
export function readBaseBackup(client: pg.Client, sink: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    client.connection.once("end", () => reject(new AppError("unavailable", "The server closed the connection during the backup.")));
    client.query(new BaseBackupQuery(sink, { resolve, reject }) as unknown as pg.Submittable);
  });
}
