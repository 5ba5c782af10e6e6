/**
 * Shows JSON text without turning it into values: numbers keep every digit, `__proto__` is a name like any other, and
 * nesting of any depth costs no stack. Indents, masks fields that name secrets, cuts what is too long. Pure.
 */
import { MASK, namesSecret } from "../../platform/audit.ts";
import type { Payload } from "../schema/index.ts";

/** What a person scrolls through; more is told as a number of bytes. */
const SHOWN_MAX = 200_000;
/** Deeper levels stand under each other, so a deep value does not become a wide one. */
const DEEPEST_INDENT = 24;

/** The end of the token that begins at `from`: a string, a bracket, a comma, a colon, or a bare word. */
function tokenEnd(text: string, from: number): number {
  const first = text[from] ?? "";
  if ("{}[],:".includes(first)) return from + 1;
  if (first !== '"') {
    let end = from + 1;
    while (end < text.length && !'{}[],:" \n\r\t'.includes(text[end] ?? "")) end += 1;
    return end;
  }
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function nameOf(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    // A name that was cut off in the middle is the last thing shown.
    return token;
  }
}

/** Writes tokens one by one. */
class Printer {
  #parts: string[] = [];
  #length = 0;
  #depth = 0;
  #before = "";
  /** The name that a value follows, and the depth inside a masked value. */
  #name = "";
  #masked = 0;
  isFull = false;

  take(token: string): void {
    if (this.#masked > 0) return this.#skip(token);
    if (token === ":") return this.#write(": ");
    if (token === ",") return this.#write(`,\n${this.#indent()}`, token);
    if (token === "}" || token === "]") return this.#close(token);
    const isValue = this.#before === ":";
    if (isValue && namesSecret(this.#name) && token !== "null") return this.#mask(token);
    if (token === "{" || token === "[") return this.#open(token);
    if (token.startsWith('"') && !isValue) this.#name = nameOf(token);
    this.#line(token);
  }

  get text(): string {
    return this.#parts.join("");
  }

  #indent = () => "  ".repeat(Math.min(this.#depth, DEEPEST_INDENT));

  #write(text: string, token = text.trim()): void {
    this.#parts.push(text);
    this.#length += text.length;
    this.#before = token;
    this.isFull = this.#length >= SHOWN_MAX;
  }

  /** A value or a name; the first one in its brackets starts a line. */
  #line(token: string): void {
    const isFirst = this.#before === "{" || this.#before === "[";
    const room = SHOWN_MAX - this.#length;
    this.#write(`${isFirst ? `\n${this.#indent()}` : ""}${token.length > room ? `${token.slice(0, room)}…` : token}`, token);
  }

  #open(token: string): void {
    this.#line(token);
    this.#depth += 1;
  }

  #close(token: string): void {
    this.#depth = Math.max(0, this.#depth - 1);
    const isEmpty = this.#before === "{" || this.#before === "[";
    this.#write(isEmpty ? token : `\n${this.#indent()}${token}`, token);
  }

  #mask(token: string): void {
    this.#write(`"${MASK}"`, "masked");
    if (token === "{" || token === "[") this.#masked = 1;
  }

  #skip(token: string): void {
    if (token === "{" || token === "[") this.#masked += 1;
    if (token === "}" || token === "]") this.#masked -= 1;
  }
}

/** Indents JSON text of a value of `bytes` bytes; `text` may be its beginning only. */
export function showJson(text: string, bytes: number): Payload {
  const printer = new Printer();
  let at = 0;
  while (at < text.length && !printer.isFull) {
    if (' \n\r\t'.includes(text[at] ?? "")) {
      at += 1;
      continue;
    }
    const end = tokenEnd(text, at);
    printer.take(text.slice(at, end));
    at = end;
  }
  return { format: "json", text: printer.text, bytes, isCut: at < text.length || Buffer.byteLength(text) < bytes };
}
