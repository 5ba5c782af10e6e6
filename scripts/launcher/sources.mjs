/** Knows whether something made from sources is still good: the content of every source file is kept beside the result. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./run.mjs";

const IGNORED = /(^|\/)(node_modules|testing|__fixtures__)(\/|$)|\.(test|spec)\.[cm]?tsx?$/;

function filesUnder(entry) {
  const full = path.join(ROOT, entry);
  const facts = fs.statSync(full, { throwIfNoEntry: false });
  if (!facts) return [];
  if (facts.isFile()) return [entry];
  return fs.readdirSync(full, { withFileTypes: true }).flatMap((child) => {
    const name = `${entry}/${child.name}`;
    if (IGNORED.test(name)) return [];
    return child.isDirectory() ? filesUnder(name) : [name];
  });
}

/** Content hash by path, for files and folders named from the project root. */
export function fingerprint(entries) {
  const hash = (file) => createHash("sha256").update(fs.readFileSync(path.join(ROOT, file))).digest("base64url");
  return Object.fromEntries(entries.flatMap(filesUnder).map((file) => [file, hash(file)]));
}

/** One reason why what was made from `before` must be made again from `now`, or null. */
export function whatChanged(before, now) {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((file) => before[file] !== now[file]);
  if (changed.length === 0) return null;
  const verb = changed[0] in now ? (changed[0] in before ? "changed" : "is new") : "is gone";
  const more = changed.length > 1 ? ` and ${changed.length - 1} more` : "";
  return `${changed[0]} ${verb}${more}`;
}

/** Reads a fingerprint that was kept, or null. */
export function readStamp(file) {
  if (!fs.existsSync(file)) return null;
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** Keeps a fingerprint; the name appears only when its content is complete. */
export function writeStamp(file, stamp) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, JSON.stringify(stamp));
  fs.renameSync(`${file}.new`, file);
}
