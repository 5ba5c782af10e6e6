/** Walks a folder in a fixed order by the plan's patterns. Links are never followed, other file systems are entered. */
import type { Stats } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import type { FolderSource } from "../source.ts";

export type Found = { path: string; full: string; facts: Stats };

/** Deeper folders are a loop of mounts or a mistake. */
const MAX_DEPTH = 64;

/** Compiles globs once: `**` crosses folders; a pattern without / applies at every depth. */
export function globMatcher(patterns: string[]): (relative: string) => boolean {
  const wide = patterns.flatMap((pattern) => (pattern.includes("/") ? [pattern.replace(/^\.?\//, "").replace(/\/$/, "")] : [pattern, `**/${pattern}`]));
  return (relative) => wide.some((pattern) => path.matchesGlob(relative, pattern) || path.matchesGlob(relative, `${pattern}/**`));
}

/** Yields what the plan chooses, parents before children, names in byte order; `onSkip` hears of what cannot be read by name. */
export async function* walkFolder(source: FolderSource, onSkip: (path: string, reason: string) => void): AsyncGenerator<Found> {
  const isIncluded = source.include.length === 0 ? () => true : globMatcher(source.include);
  const isExcluded = globMatcher(source.exclude);
  async function* enter(relative: string, depth: number): AsyncGenerator<Found> {
    const full = path.join(source.path, relative);
    const names = (await fs.readdir(full)).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const name of names) {
      const child = relative === "" ? name : `${relative}/${name}`;
      if (isExcluded(child)) continue;
      const facts = await fs.lstat(path.join(source.path, child)).catch(() => null);
      if (!facts) {
        // Removed between the look and now, or its name cannot be written as text.
        if (child.includes("\uFFFD")) onSkip(child, "Its name is not UTF-8.");
        continue;
      }
      if (facts.isDirectory()) {
        if (isIncluded(child)) yield { path: child, full: path.join(source.path, child), facts };
        if (depth < MAX_DEPTH) yield* enter(child, depth + 1);
      } else if (isIncluded(child)) yield { path: child, full: path.join(source.path, child), facts };
    }
  }
  yield* enter("", 0);
}
