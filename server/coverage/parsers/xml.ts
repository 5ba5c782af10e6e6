/**
 * XML in pieces, by saxes, with a short leash: nothing is ever fetched, no entity is declared, and depth, attributes and
 * text are capped. A document type is let pass when it only names a DTD, as JaCoCo, Cobertura and Clover write it, because
 * it is neither read nor used; one with declarations of its own (where entities and bombs live) is refused.
 */
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { AppError } from "../../platform/errors.ts";
import type { ChunkReader } from "./reader.ts";

export type Attributes = Record<string, string>;

/** What a format does with elements. `text` gets text and CDATA of the open element. */
export type XmlHandler = {
  open: (name: string, attributes: Attributes) => void;
  close: (name: string) => void;
  text?: (text: string) => void;
};

/** Reports nest fewer than ten deep. */
const MOST_DEPTH = 64;
const MOST_ATTRIBUTES = 64;
/** Characters that may pass without an element: the longest captured output of a test that anybody should send. */
const MOST_SILENT = 16 * 1_024 * 1_024;
/** Characters given to the parser at once, a few milliseconds of work. */
const PIECE = 64 * 1_024;

const refused = (text: string, cause?: unknown) => new AppError("invalid", `${text} Nothing was kept.`, { cause });

/** Chooses the handler by the first element. */
export type XmlChoice = (root: string, attributes: Attributes) => XmlHandler;

/** Reads chunks of a document. Throws AppError `invalid` for what is not well formed or goes beyond the caps. */
export function xmlReader(choose: XmlChoice, done: () => void): ChunkReader {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const decoder = new TextDecoder("utf-8");
  let handler: XmlHandler | null = null;
  let depth = 0;
  let silent = 0;

  parser.on("error", (error) => {
    throw refused(`The XML is not well formed: ${error.message.slice(0, 200)}.`, error);
  });
  parser.on("doctype", (type) => {
    if (/[[\]]|<!/.test(type)) throw refused("The XML declares a document type of its own, which is not accepted.");
  });
  parser.on("opentag", ({ name, attributes }: SaxesTagPlain) => {
    silent = 0;
    depth += 1;
    if (depth > MOST_DEPTH) throw refused(`The XML is nested deeper than ${MOST_DEPTH} elements.`);
    if (Object.keys(attributes).length > MOST_ATTRIBUTES) throw refused(`An element of the XML has more than ${MOST_ATTRIBUTES} attributes.`);
    handler ??= choose(name, attributes);
    handler.open(name, attributes);
  });
  parser.on("closetag", ({ name }) => {
    depth -= 1;
    handler?.close(name);
  });
  parser.on("text", (text) => handler?.text?.(text));
  parser.on("cdata", (text) => handler?.text?.(text));

  const write = (text: string) => {
    for (let at = 0; at < text.length; at += PIECE) {
      const piece = text.slice(at, at + PIECE);
      silent += piece.length;
      if (silent > MOST_SILENT) throw refused("The XML goes on for more than 16 million characters without an element.");
      parser.write(piece);
    }
  };
  return {
    push: (chunk) => write(decoder.decode(chunk, { stream: true })),
    end: () => {
      write(decoder.decode());
      parser.close();
      done();
    },
  };
}
