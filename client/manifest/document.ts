/**
 * `seaworthy.yaml`: what a console watches and holds, as a file that people review. This file reads and writes the text:
 * YAML 1.2 into plain data with the line of every part, and back in one fixed order, so that two exports of the same
 * state are the same bytes. What the parts mean is in sections/.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Node } from "yaml";

/** The version of the format that this program writes and reads. */
export const FORMAT_VERSION = 1;
/** A file of 2,000 services with five checks each has about 4 MB. */
export const MAX_BYTES = 8 * 1024 * 1024;
/** Nothing in the format nests deeper than 6; YAML aliases could nest without end. */
const MAX_DEPTH = 12;
/** Repeats of one anchor; a small file could otherwise grow to gigabytes. */
const MAX_ALIASES = 1_000;

export type Data = null | boolean | number | string | Data[] | { [key: string]: Data };
export type Fields = { [key: string]: Data };

/** The file is wrong; each problem names its place. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

function checkDepth(node: Node | null, depth: number): void {
  if (depth > MAX_DEPTH) throw new ManifestError([`The file nests deeper than ${MAX_DEPTH} levels.`]);
  if (isMap(node)) for (const pair of node.items) checkDepth(pair.value as Node | null, depth + 1);
  if (isSeq(node)) for (const item of node.items) checkDepth(item as Node, depth + 1);
}

/** True when walking `value` comes back to a part it is inside of, which an alias can make. */
function hasCycle(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (above.includes(value) || above.length > MAX_DEPTH) return true;
  return Object.values(value).some((part) => hasCycle(part, [...above, value]));
}

export type ParsedText = {
  data: Fields;
  /** Line of the part at a path, for messages; null for parts that came by an alias. */
  lineOf: (path: readonly (string | number)[]) => number | null;
};

/** Reads the text. Throws ManifestError for what is no YAML, for duplicate keys, cycles, other versions and files too large. */
export function parseText(text: string): ParsedText {
  if (text.length > MAX_BYTES) throw new ManifestError([`The file is larger than ${MAX_BYTES / 1024 / 1024} MB.`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", uniqueKeys: true, strict: true, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ManifestError(document.errors.map(({ message, pos }) => `line ${lines.linePos(pos[0]).line}: ${message}`));
  }
  checkDepth(document.contents, 0);
  const data = toPlain(() => document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown);
  if (hasCycle(data)) throw new ManifestError(["A part of the file contains itself by an alias."]);
  if (typeof data !== "object" || data === null || Array.isArray(data)) throw new ManifestError(["The file must be a mapping that begins with `version: 1`."]);
  const fields = data as Fields;
  if (fields["version"] !== FORMAT_VERSION) throw new ManifestError([`version must be ${FORMAT_VERSION}; this program reads no other.`]);
  const lineOf = (path: readonly (string | number)[]) => {
    const node: unknown = document.getIn(path, true);
    const at = isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
    return at === undefined ? null : lines.linePos(at).line;
  };
  return { data: fields, lineOf };
}

function toPlain(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new ManifestError([error instanceof Error ? error.message : String(error)]);
  }
}

/** Writes the text. Keys keep the order in which they stand in `data`. */
export function writeText(data: Fields): string {
  return stringify(data, { lineWidth: 0, aliasDuplicateObjects: false, version: "1.2" });
}
