/** Recognises a health document by its content, not by its declared type, and reads it. */
import { readAspNet } from "./aspnet.ts";
import { readChecks } from "./checks.ts";
import type { DialectReader, HealthDocument } from "./document.ts";
import { readIetf } from "./ietf.ts";
import { asObject, parseJson } from "./json.ts";
import { readSpring } from "./spring.ts";

/** Narrowest first: IETF lists are also objects under `checks`. */
const DIALECTS: readonly DialectReader[] = [readIetf, readChecks, readAspNet, readSpring];

/** The document in a body, or null for any other body. A lone `status` is not enough: too many answers have one. Never throws. */
export function readHealthDocument(body: string): HealthDocument | null {
  const document = asObject(parseJson(body));
  if (!document) return null;
  for (const read of DIALECTS) {
    const found = read(document);
    if (found) return found;
  }
  return null;
}
