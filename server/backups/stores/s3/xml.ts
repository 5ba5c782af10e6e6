/** Reads the little XML that object stores answer: values by the name of their element, grouped by an element that repeats. */
import { SaxesParser } from "saxes";
import { AppError } from "../../../platform/errors.ts";

export type XmlRecord = Record<string, string>;

/** Deeper answers are not those of an object store. */
const MAX_DEPTH = 16;

/** Values of the document itself, and one record for each `repeated` element. Throws `unavailable` for anything that is not XML. */
export function readXml(bytes: Uint8Array, repeated: string): { top: XmlRecord; items: XmlRecord[] } {
  const top: XmlRecord = Object.create(null) as XmlRecord;
  const items: XmlRecord[] = [];
  const open: string[] = [];
  let item: XmlRecord | null = null;
  let text = "";
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw new AppError("unavailable", "The object store answered something that is not XML.", { cause: error });
  });
  parser.on("opentag", ({ name }) => {
    if (open.push(name) > MAX_DEPTH) throw new AppError("unavailable", "The object store's answer is nested too deeply.");
    if (name === repeated) item = Object.create(null) as XmlRecord;
    text = "";
  });
  parser.on("text", (part) => {
    text += part;
  });
  parser.on("closetag", ({ name }) => {
    open.pop();
    if (name === repeated && item) {
      items.push(item);
      item = null;
    } else (item ?? top)[name] = text;
    text = "";
  });
  parser.write(Buffer.from(bytes).toString("utf8")).close();
  return { top, items };
}

/** The code of an error answer, such as `NoSuchBucket`; empty when the body says none. */
export function errorCode(bytes: Uint8Array): string {
  return /<Code>([A-Za-z0-9]{1,80})<\/Code>/.exec(Buffer.from(bytes).toString("utf8"))?.[1] ?? "";
}
