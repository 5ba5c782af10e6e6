/**
 * Reads a plain-text dump as it streams by: pieces of SQL, each under the heading that pg_dump wrote above it, and COPY
 * blocks whose rows pass through untouched. Memory holds one object's definition, never the rows.
 */
import { AppError } from "../../../platform/errors.ts";
import { Lexer } from "./lexer.ts";

/** What pg_dump says about the piece below, e.g. TABLE `orders` in `public`. */
export type Heading = { name: string; type: string; schema: string };

export type Piece =
  | { kind: "sql"; heading: Heading | null; text: string }
  /** `rows` must be read to its end before the next piece is asked for. */
  | { kind: "copy"; heading: Heading | null; statement: string; rows: AsyncIterable<Buffer> };

const HEADING = /^-- (?:Data for |Statistics for )?Name: (.*); Type: (.*?); Schema: (.*?); Owner: (.*?)(?:; Tablespace: .*)?$/s;
const COMPLETE = "-- PostgreSQL database dump complete";
const COPY_END = Buffer.from("\\.\n", "latin1");
const COPY_END_LATER = Buffer.from("\n\\.\n", "latin1");
/** Large objects are one piece of any length; it is handed on in parts of this size, cut between statements. */
const LARGE_PIECE_BYTES = 1_048_576;
/** A definition longer than this is not one. */
const MAX_PIECE_BYTES = 67_108_864;

class PlainSqlReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #text: Buffer = Buffer.alloc(0);
  #isWhole = false;
  #at = 0;
  #statementStart = 0;
  #hasStatement = false;
  #isComplete = false;
  #heading: Heading | null = null;
  readonly #lexer = new Lexer();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) this.#isWhole = true;
    else this.#text = this.#text.length === 0 ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.concat([this.#text, value]);
    if (this.#text.length > MAX_PIECE_BYTES) throw new AppError("mismatch", "The dump holds a definition of more than 64 MiB.");
  }

  /** Forgets the text before `end`. */
  #drop(end: number): void {
    this.#text = this.#text.subarray(end);
    this.#at = 0;
    this.#statementStart = 0;
    this.#hasStatement = false;
  }

  #piece(end: number): Piece[] {
    const text = this.#hasStatement ? this.#text.toString("utf8", 0, end) : "";
    return text === "" ? [] : [{ kind: "sql", heading: this.#heading, text }];
  }

  /** A comment: a heading begins a new piece, a command to psql is dropped, others are left alone. */
  #comment(start: number, end: number): Piece[] {
    const isBetween = this.#text.toString("latin1", this.#statementStart, start).trim() === "";
    if (!isBetween) return [];
    const line = this.#text.toString("utf8", start, end).trimEnd();
    const [, name, type, schema] = HEADING.exec(line) ?? [];
    if (line === COMPLETE) this.#isComplete = true;
    if (name === undefined && !line.startsWith("\\")) {
      this.#statementStart = end;
      return [];
    }
    const before = this.#piece(start);
    if (name !== undefined) this.#heading = { name, type: type ?? "", schema: schema ?? "" };
    this.#drop(end);
    return before;
  }

  async *#statement(end: number): AsyncGenerator<Piece> {
    const isCopy = this.#text.toString("latin1", Math.max(0, end - 12), end) === " FROM stdin;" && this.#text.toString("latin1", this.#statementStart, end).trimStart().startsWith("COPY ");
    if (isCopy) {
      const statement = this.#text.toString("utf8", this.#statementStart, end - 1).trim();
      yield* this.#piece(this.#statementStart);
      this.#drop(end);
      const rows = this.#rows();
      yield { kind: "copy", heading: this.#heading, statement, rows };
      for await (const rest of rows) void rest;
      return;
    }
    this.#hasStatement = true;
    this.#statementStart = end;
    if (end > LARGE_PIECE_BYTES && this.#heading?.type.startsWith("BLOB")) {
      yield* this.#piece(end);
      this.#drop(end);
    }
  }

  async *#rows(): AsyncGenerator<Buffer> {
    const cut = new AppError("mismatch", "The dump ends inside the rows of a table.");
    const NEWLINE_BYTES = 1;
    while (this.#text.length < NEWLINE_BYTES + COPY_END.length && !this.#isWhole) await this.#more();
    this.#drop(NEWLINE_BYTES);
    if (this.#text.subarray(0, COPY_END.length).equals(COPY_END)) return this.#drop(COPY_END.length);
    for (;;) {
      const end = this.#text.indexOf(COPY_END_LATER);
      if (end >= 0) {
        yield this.#text.subarray(0, end + 1);
        return this.#drop(end + COPY_END_LATER.length);
      }
      const sure = this.#text.length - COPY_END_LATER.length + 1;
      if (sure > 0) {
        yield this.#text.subarray(0, sure);
        this.#drop(sure);
      }
      if (this.#isWhole) throw cut;
      await this.#more();
    }
  }

  async *pieces(): AsyncGenerator<Piece> {
    try {
      for (;;) {
        const { event, at } = this.#lexer.next(this.#text, this.#at, this.#isWhole);
        this.#at = at;
        if (event?.kind === "statement-end") yield* this.#statement(event.end);
        else if (event) yield* this.#comment(event.start, event.end);
        else if (this.#isWhole) break;
        else await this.#more();
      }
      yield* this.#piece(this.#text.length);
      if (!this.#isComplete) throw new AppError("mismatch", "The dump is not complete: its last line is missing.");
    } finally {
      await this.#source.return?.();
    }
  }
}

/** The pieces of a dump in order. Throws `mismatch` when it is cut off. */
export const readPlainSql = (source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> => new PlainSqlReader(source).pieces();
