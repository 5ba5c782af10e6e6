/**
 * Finds its way through SQL text byte by byte: where quotes, comments and dollar-quoted bodies begin and end (PostgreSQL
 * manual, 4.1 Lexical Structure). Only outside of them are a semicolon or a comment what they seem, so a name or a
 * function body cannot pretend to be a part of the dump. A backslash outside of them begins a command to psql, which pg_dump
 * writes as a guard (\\restrict); it is no SQL and counts as a comment.
 */
const NEWLINE = 10;
const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const MINUS = 45;
const SLASH = 47;
const STAR = 42;
const SEMICOLON = 59;
const BACKSLASH = 92;

type State = "code" | "single" | "escape" | "double" | "line" | "block" | "dollar";

export type LexEvent = { kind: "statement-end" | "line-comment"; start: number; end: number };

const isWordByte = (byte: number) => (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95 || byte >= 128;

export class Lexer {
  #state: State = "code";
  #depth = 0;
  #tag = "";
  #commentStart = 0;

  /**
   * Looks at `text` from `at` on and returns the next event, or null with the place up to which it is sure (a token that
   * reaches the end waits for more, unless `isWhole`). Places are offsets in `text`.
   */
  next(text: Buffer, at: number, isWhole: boolean): { event: LexEvent | null; at: number } {
    let i = at;
    while (i < text.length) {
      if (this.#state === "code") {
        const step = this.#code(text, i, isWhole);
        if (step === null) return { event: null, at: i };
        i = step.at;
        if (step.isEnd) return { event: { kind: "statement-end", start: i - 1, end: i }, at: i };
      } else if (this.#state === "line") {
        const end = text.indexOf(NEWLINE, i);
        if (end < 0 && !isWhole) return { event: null, at: i };
        const stop = end < 0 ? text.length : end + 1;
        this.#state = "code";
        return { event: { kind: "line-comment", start: this.#commentStart, end: stop }, at: stop };
      } else {
        const step = this.#inside(text, i, isWhole);
        if (step === null) return { event: null, at: i };
        i = step;
      }
    }
    return { event: null, at: i };
  }

  #code(text: Buffer, i: number, isWhole: boolean): { at: number; isEnd: boolean } | null {
    const byte = text[i];
    const next = text[i + 1];
    const needsNext = byte === MINUS || byte === SLASH || byte === DOLLAR;
    if (needsNext && next === undefined && !isWhole) return null;
    if (byte === SEMICOLON) return { at: i + 1, isEnd: true };
    if (byte === QUOTE) {
      const before = text[i - 1] ?? 0;
      const isEscape = (before === 69 || before === 101) && !isWordByte(text[i - 2] ?? 0);
      this.#state = isEscape ? "escape" : "single";
    } else if (byte === DOUBLE_QUOTE) this.#state = "double";
    else if (byte === MINUS && next === MINUS) {
      this.#state = "line";
      this.#commentStart = i;
    } else if (byte === BACKSLASH) {
      this.#state = "line";
      this.#commentStart = i;
    } else if (byte === SLASH && next === STAR) {
      this.#state = "block";
      this.#depth = 1;
      return { at: i + 2, isEnd: false };
    } else if (byte === DOLLAR && !isWordByte(text[i - 1] ?? 0)) return this.#dollar(text, i, isWhole);
    return { at: i + 1, isEnd: false };
  }

  #dollar(text: Buffer, i: number, isWhole: boolean): { at: number; isEnd: boolean } | null {
    let end = i + 1;
    while (end < text.length && isWordByte(text[end] ?? 0)) end += 1;
    if (end >= text.length && !isWhole) return null;
    const startsWithDigit = (text[i + 1] ?? 0) >= 48 && (text[i + 1] ?? 0) <= 57;
    if (text[end] !== DOLLAR || startsWithDigit) return { at: i + 1, isEnd: false };
    this.#tag = text.toString("latin1", i, end + 1);
    this.#state = "dollar";
    return { at: end + 1, isEnd: false };
  }

  #inside(text: Buffer, i: number, isWhole: boolean): number | null {
    if (this.#state === "dollar") {
      const end = text.indexOf(this.#tag, i, "latin1");
      if (end >= 0) {
        this.#state = "code";
        return end + this.#tag.length;
      }
      const safe = isWhole ? text.length : Math.max(i, text.length - this.#tag.length);
      return safe > i ? safe : null;
    }
    if (this.#state === "block") return this.#block(text, i, isWhole);
    const quote = this.#state === "double" ? DOUBLE_QUOTE : QUOTE;
    if (this.#state === "escape" && text[i] === BACKSLASH) return i + 1 < text.length || isWhole ? i + 2 : null;
    if (this.#state !== "escape") {
      const end = text.indexOf(quote, i);
      if (end < 0) return text.length;
      i = end;
    }
    if (text[i] !== quote) return i + 1;
    if (this.#state !== "escape") {
      // A doubled quote closes and opens again at once, which comes to the same.
      this.#state = "code";
      return i + 1;
    }
    if (i + 1 >= text.length && !isWhole) return null;
    if (text[i + 1] === QUOTE) return i + 2;
    this.#state = "code";
    return i + 1;
  }

  #block(text: Buffer, i: number, isWhole: boolean): number | null {
    if (i + 1 >= text.length && !isWhole) return null;
    if (text[i] === STAR && text[i + 1] === SLASH) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#state = "code";
      return i + 2;
    }
    if (text[i] === SLASH && text[i + 1] === STAR) {
      this.#depth += 1;
      return i + 2;
    }
    return i + 1;
  }
}
