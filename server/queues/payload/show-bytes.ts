/** Shows bytes as what they are: JSON, text, or lines of hexadecimal digits with the characters beside them. Pure. */
import type { Payload } from "../schema/index.ts";
import { showJson } from "./json-text.ts";

const TEXT_SHOWN = 200_000;
const BYTES_SHOWN = 4_096;
const BYTES_A_LINE = 16;
/** Parsing is only done to tell JSON from text; longer bodies are told by their first character. */
const PARSED_BYTES = 1_048_576;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  if (!/^\s*[[{"\d\-tfn]/.test(text)) return false;
  if (text.length > PARSED_BYTES) return /^\s*[[{]/.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const printable = (byte: number) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    const line = [...bytes.subarray(at, at + BYTES_A_LINE)];
    const digits = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(BYTES_A_LINE * 3 - 1);
    lines.push(`${at.toString(16).padStart(8, "0")}  ${digits}  ${line.map(printable).join("")}`);
  }
  return lines.join("\n");
}

export function showBytes(bytes: Uint8Array): Payload {
  const text = decode(bytes);
  // A text with control characters is binary that happens to be valid UTF-8.
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  if (text === null || /[\u0000-\u0008\u000e-\u001f]/.test(text)) {
    return { format: "binary", text: hexLines(bytes.subarray(0, BYTES_SHOWN)), bytes: bytes.length, isCut: bytes.length > BYTES_SHOWN };
  }
  if (isJson(text)) return showJson(text, bytes.length);
  return { format: "text", text: text.slice(0, TEXT_SHOWN), bytes: bytes.length, isCut: text.length > TEXT_SHOWN };
}
