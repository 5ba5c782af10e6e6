/**
 * Paths as reports write them, turned into paths below the repository's root: forward slashes, no drive, no dots. What
 * lies outside the repository, is absurdly long or holds control characters has no place and is left out, with a note.
 */

/** As long as any file system's name of a file in a repository. */
const MOST_CHARACTERS = 1_024;

export type PathRules = {
  /** The folder that holds the repository on the machine that ran the tests, or a module's import path. */
  root?: string;
  /** The folder inside the repository that relative paths start from. */
  prefix?: string;
};

/** Where build machines keep a checkout. */
const CHECKOUTS = [/^\/home\/runner\/work\/[^/]+\/[^/]+\//, /^\/builds\/[^/]+\/[^/]+\//, /^\/github\/workspace\//, /^\/a\/[^/]+\/[^/]+\//, /^\/__w\/[^/]+\/[^/]+\//, /^\/workspace\//, /^\/usr\/src\/app\//];
/** Folders that repositories keep at their root: a common folder is never cut below one of these. */
const TOP_FOLDERS = new Set(["src", "lib", "app", "apps", "packages", "server", "client", "cmd", "internal", "pkg", "components", "modules", "services"]);
const MODULE_HOSTS = /^(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)\/[^/]+\/[^/]+\//;

/** Forward slashes, no drive or scheme; still absolute when it was. */
function plain(path: string): string {
  return path
    .trim()
    .replaceAll("\\", "/")
    .replace(/^file:\/\/(?:localhost)?/, "")
    .replace(/^\/?[A-Za-z]:\//, "/")
    .replace(/\/{2,}/g, "/");
}

const withSlash = (folder: string) => (folder === "" || folder.endsWith("/") ? folder : `${folder}/`);

/** A part that is empty or made of dots. Few paths have one. */
const ODD_PART = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Resolves dots; null when the path leaves its root. */
function resolved(path: string): string | null {
  if (!ODD_PART.test(path)) return path;
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (out.pop() === undefined) return null;
    } else out.push(part);
  }
  return out.length > 0 ? out.join("/") : null;
}

/** The folder that all absolute paths share, cut before a folder that a repository has at its root. */
function commonFolder(paths: readonly string[]): string {
  const first = paths[0];
  if (first === undefined) return "/";
  let parts = first.split("/").slice(1, -1);
  for (const path of paths) {
    const other = path.split("/").slice(1, -1);
    let same = 0;
    while (same < parts.length && parts[same] === other[same]) same += 1;
    parts = parts.slice(0, same);
  }
  const top = parts.findIndex((part) => TOP_FOLDERS.has(part));
  const kept = top >= 0 ? parts.slice(0, top) : parts;
  return kept.length > 0 ? `/${kept.join("/")}/` : "/";
}

// Characters that no path in a repository needs.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A function from a report's path to the repository's, or null for one that has no place in it. */
export function pathMapper(all: Iterable<string>, rules: PathRules): (path: string) => string | null {
  const root = rules.root ? withSlash(plain(rules.root)) : null;
  const prefix = rules.prefix ? withSlash(plain(rules.prefix)) : "";
  let common: string | null = null;
  const commonOnce = () => (common ??= commonFolder([...all].filter((path) => path.length <= MOST_CHARACTERS).map(plain).filter((path) => path.startsWith("/"))));
  return (path) => {
    if (path === "" || path.length > MOST_CHARACTERS || CONTROL.test(path)) return null;
    const clean = plain(path);
    if (root && clean.startsWith(root)) return resolved(clean.slice(root.length));
    if (!clean.startsWith("/")) return resolved(prefix + clean.replace(MODULE_HOSTS, ""));
    const checkout = CHECKOUTS.find((place) => place.test(clean));
    return resolved(checkout ? clean.replace(checkout, "") : clean.slice(commonOnce().length));
  };
}
