/**
 * Reads comma-separated values as RFC 4180 has them, and as spreadsheets write them: commas, semicolons or tabs (told by
 * the first line), any line end, a byte order mark. Every line keeps its number in the file; nothing is guessed from
 * broken quotes.
 */
import { AppError } from "../../platform/errors.ts";

/** The cells of one line; `line` is where it begins in the file, from 1. */
export type CsvLine = { line: number; cells: string[] };

const SEPARATORS = [",", ";", "\t"] as const;
const BYTE_ORDER_MARK = "\uFEFF";
/** What decoders put in place of bytes that are no UTF-8. */
const UNREADABLE = "\uFFFD";
/** An apostrophe that our own export put before a text that a spreadsheet would take for a formula. */
const GUARDED_FORMULA = /^'(?=[=+\-@])/u;

const refuse = (line: number, text: string) => new AppError("invalid", `Line ${line}: ${text}`, { detail: { fields: { csv: `Line ${line}: ${text}` } } });

function separatorOf(text: string): string {
  const firstLine = /^[^\r\n]*/.exec(text)?.[0].replaceAll(/"[^"]*"/g, "") ?? "";
  const count = (separator: string) => firstLine.split(separator).length;
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0] ?? ",";
}

/** One cell from `at`: its text, and where it ends. */
function readCell(text: string, at: number, { separator, line }: { separator: string; line: number }): { cell: string; end: number } {
  if (text[at] !== '"') {
    let end = at;
    while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
    return { cell: text.slice(at, end), end };
  }
  let cell = "";
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw refuse(line, "a quote is opened here and never closed.");
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { cell, end: quote + 1 };
    cell += '"';
    from = quote + 2;
  }
}

/** Length of the line end at `at`; 0 when there is none. */
function lineEndAt(text: string, at: number): number {
  if (text[at] === "\n") return 1;
  if (text[at] === "\r") return text[at + 1] === "\n" ? 2 : 1;
  return 0;
}

const countLines = (text: string): number => text.split(/\r\n|\r|\n/u).length - 1;

/** The lines of a file without the empty ones. Throws AppError `invalid` for broken quotes and for what is no UTF-8. */
export function readCsv(file: string): CsvLine[] {
  const text = file.startsWith(BYTE_ORDER_MARK) ? file.slice(1) : file;
  if (text.includes(UNREADABLE) || text.includes("\0")) throw new AppError("invalid", "The file is not UTF-8. Save it as CSV UTF-8 and choose it again.");
  const separator = separatorOf(text);
  const lines: CsvLine[] = [];
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  for (let at = 0; at <= text.length; ) {
    const { cell, end } = readCell(text, at, { separator, line });
    cells.push(cell.trim().replace(GUARDED_FORMULA, ""));
    line += countLines(text.slice(at, end));
    if (text[end] === separator) {
      at = end + 1;
      continue;
    }
    const lineEnd = lineEndAt(text, end);
    if (end < text.length && lineEnd === 0) throw refuse(line, "there is text behind a closing quote.");
    if (cells.some((one) => one !== "")) lines.push({ line: begin, cells });
    cells = [];
    line += 1;
    begin = line;
    at = end + Math.max(1, lineEnd);
  }
  return lines;
}
