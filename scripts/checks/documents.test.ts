/** Documents tell the truth: paths they name exist, generated pages are fresh, nothing of a builder's machine is in them. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../architecture/imports.ts";
import { GENERATED } from "../generate-docs.ts";

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: projectRoot, encoding: "utf8" }).split("\n").filter(Boolean);
const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const pages = tracked.filter((file) => file.endsWith(".md") && !file.startsWith("docs/design/") && existsSync(path.join(projectRoot, file)));

/** Code spans such as `server/platform/db.ts` or `docs/decisions/`; patterns with placeholders are not paths. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  return spans.filter((span) => /^(app|bench|client|components|docs|e2e|prisma|public|scripts|server|\.ci)\/[\w./()[\]-]*$/.test(span));
}

describe("documents", () => {
  it.each(pages)("%s names only paths that exist", (page) => {
    const missing = pathsIn(read(page)).filter((named) => !existsSync(path.join(projectRoot, named)));
    expect(missing).toEqual([]);
  });

  it.each(pages)("%s links only to files that exist", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? "");
    const missing = links.filter((link) => !existsSync(path.join(projectRoot, path.dirname(page), link)));
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(GENERATED))("%s is freshly generated", (file, make) => {
    expect(read(file)).toBe(make());
  });
});
