/**
 * Scripts, styles and fonts of the build, whose names carry a hash of what is in them. Each is read and compressed
 * once, at its first request, and answered from memory from then on, past the framework: the first visit of a page asks
 * for thirty of them, and compressing them again each time costs more than the page. What is not such a file, or is
 * asked for in another way (a part, a condition), is the framework's.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/** Denser than what is made for one answer, and still quick: a build's files take a second in all. */
const BROTLI_QUALITY = 6;
const TYPES: Record<string, string> = { js: "application/javascript; charset=UTF-8", css: "text/css; charset=UTF-8", woff2: "font/woff2" };
/** Flat folders of names made by the bundler: no separators, so nothing leads elsewhere. */
const NAME = /^\/_next\/static\/((?:chunks|media)\/[\w~.-]+\.(js|css|woff2))$/;
/** A year, the longest that caches honour. */
const FOREVER = "public, max-age=31536000, immutable";

type Encoding = "br" | "gzip" | "identity";

/** What the caller takes, best first. Fonts are compressed already. */
function encodingOf(accepted: string, extension: string): Encoding {
  if (extension === "woff2") return "identity";
  const offers = accepted.split(",").map((offer) => offer.trim());
  const takes = (name: string) => offers.some((offer) => offer === name || (offer.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(offer)));
  return takes("br") ? "br" : takes("gzip") ? "gzip" : "identity";
}

type BuildFile = { bytes: Buffer; extension: string; encoding: Encoding };

async function make(file: string, extension: string, encoding: Encoding): Promise<BuildFile> {
  const raw = await readFile(file);
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  const bytes = encoding === "br" ? await brotli(raw, { params }) : encoding === "gzip" ? await gzip(raw) : raw;
  return { bytes, extension, encoding };
}

function send(res: ServerResponse, { bytes, extension, encoding }: BuildFile): void {
  res.setHeader("content-type", TYPES[extension] ?? "application/octet-stream");
  res.setHeader("cache-control", FOREVER);
  res.setHeader("vary", "Accept-Encoding");
  // A named encoding also tells the edge that there is nothing left to compress.
  if (encoding !== "identity") res.setHeader("content-encoding", encoding);
  res.setHeader("content-length", bytes.length);
  res.end(res.req.method === "HEAD" ? undefined : bytes);
}

/** Answers a request for a file of the build in `distDir`; resolves to false when the framework must be asked. */
export function buildFiles(distDir: string): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const root = path.resolve(distDir, "static");
  const made = new Map<string, Promise<BuildFile>>();
  return async (req, res) => {
    const [, name, extension = ""] = NAME.exec(req.url ?? "") ?? [];
    if (name === undefined || req.headers.range !== undefined || req.headers["if-none-match"] !== undefined) return false;
    const encoding = encodingOf(String(req.headers["accept-encoding"] ?? ""), extension);
    const key = `${encoding} ${name}`;
    const making = made.get(key) ?? make(path.join(root, name), extension, encoding);
    made.set(key, making);
    try {
      send(res, await making);
      return true;
    } catch (error) {
      // Only what exists takes memory; that there is no such file the framework says.
      made.delete(key);
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  };
}
