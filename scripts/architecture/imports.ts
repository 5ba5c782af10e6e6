/**
 * Reads every source file of the project and lists its imports, resolved to paths from the root. The import rules and
 * the architecture test work on this list; it knows nothing of the rules themselves.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";

/** One import: `from` and `to` are paths from the root; `to` of a package is its bare name. */
export type Edge = {
  from: string;
  to: string;
  isPackage: boolean;
  /** True when only types cross, so nothing is loaded. */
  isTypeOnly: boolean;
  isDynamic: boolean;
};

const SOURCE_FOLDERS = ["app", "bench", "client", "components", "e2e", "prisma/seed", "scripts", "server"];
const SOURCE_FILE = /\.(ts|tsx|mjs)$/;
const CANDIDATE_ENDINGS = ["", ".ts", ".tsx", ".mjs", "/index.ts", "/index.tsx"];

export const projectRoot = path.resolve(import.meta.dirname, "../..");

/** Every source file below the source folders, as paths from the root, sorted. */
export function listSourceFiles(root: string = projectRoot): string[] {
  const files: string[] = [];
  for (const folder of SOURCE_FOLDERS) {
    if (!existsSync(path.join(root, folder))) continue;
    for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      const full = path.relative(root, path.join(entry.parentPath, entry.name));
      if (entry.isFile() && SOURCE_FILE.test(entry.name)) files.push(full.split(path.sep).join("/"));
    }
  }
  return files.sort();
}

function resolveTarget(root: string, from: string, specifier: string): { to: string; isPackage: boolean } {
  const base = specifier.startsWith("@/") ? specifier.slice(2) : specifier.startsWith(".") ? path.posix.join(path.posix.dirname(from), specifier) : null;
  if (base === null) return { to: specifier, isPackage: true };
  for (const ending of CANDIDATE_ENDINGS) {
    const candidate = base + ending;
    if (SOURCE_FILE.test(candidate) && existsSync(path.join(root, candidate))) return { to: candidate, isPackage: false };
  }
  return { to: base, isPackage: false };
}

/** The imports of one file; `text` is its content. */
export function importsOf(root: string, from: string, text: string): Edge[] {
  const { module } = parseSync(from, text);
  const edge = (specifier: string, isTypeOnly: boolean, isDynamic: boolean): Edge => ({
    from,
    ...resolveTarget(root, from, specifier),
    isTypeOnly,
    isDynamic,
  });
  const imports = module.staticImports.map((found) =>
    edge(found.moduleRequest.value, found.entries.length > 0 && found.entries.every((entry) => entry.isType), false),
  );
  const exports = module.staticExports.flatMap((found) =>
    found.entries.flatMap((entry) => (entry.moduleRequest ? [edge(entry.moduleRequest.value, entry.isType, false)] : [])),
  );
  const dynamics = module.dynamicImports.flatMap((found) => {
    const literal = text.slice(found.moduleRequest.start, found.moduleRequest.end).match(/^["'](.+)["']$/);
    return literal?.[1] ? [edge(literal[1], false, true)] : [];
  });
  return [...imports, ...exports, ...dynamics];
}

/** Files and imports of the whole project. */
export function readProject(root: string = projectRoot): { files: string[]; edges: Edge[] } {
  const files = listSourceFiles(root);
  const edges = files.flatMap((file) => importsOf(root, file, readFileSync(path.join(root, file), "utf8")));
  return { files, edges };
}
