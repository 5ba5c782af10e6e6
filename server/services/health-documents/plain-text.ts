/** Makes foreign text fit for a database column and a table cell. */

/** Removes control characters and broken surrogates, collapses white space and cuts at `maxLength`. */
export function plainText(text: string, maxLength: number): string {
  // Twice the length leaves room for what is collapsed, without working through a megabyte.
  const start = text.slice(0, maxLength * 2).toWellFormed();
  const clean = start.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1).toWellFormed().replace(/\uFFFD$/, "")}…`;
}

/** Decodes a body by byte order mark, then by the declared charset, then as UTF-8. Never fails: bad bytes become U+FFFD. */
export function decodeBody(body: Uint8Array, contentType: string | undefined): string {
  const declared = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? "")?.[1];
  return new TextDecoder(marked(body) ?? supported(declared)).decode(body);
}

function marked(body: Uint8Array): string | null {
  if (body[0] === 0xff && body[1] === 0xfe) return "utf-16le";
  if (body[0] === 0xfe && body[1] === 0xff) return "utf-16be";
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? "utf-8" : null;
}

function supported(label: string | undefined): string {
  if (!label) return "utf-8";
  try {
    return new TextDecoder(label).encoding;
  } catch {
    // An unknown label is the sender's mistake; UTF-8 is right nearly always.
    return "utf-8";
  }
}
