/** The tree as docs/architecture.md draws it, kept by machine. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot, readProject } from "../scripts/architecture/imports.ts";
import { filesOnCycles, placeOf, reachableFrom, RULES } from "../scripts/architecture/rules.ts";
import { MODULES } from "./modules.ts";

const { files, edges } = readProject();
const read = (file: string) => readFileSync(path.join(projectRoot, file), "utf8");
const has = (file: string) => existsSync(path.join(projectRoot, file));
const lineCount = (file: string) => read(file).split("\n").length - 1;

/** Fewer files than this means that the reader looked in the wrong place. */
const FEWEST_FILES = 150;
const PAGE_MAX_LINES = 40;
const P90_MAX_LINES = 200;

describe("import rules", () => {
  it("read the whole project", () => {
    expect(files.length).toBeGreaterThan(FEWEST_FILES);
    expect(edges.length).toBeGreaterThan(files.length);
  });

  it("resolve every local import to a file", () => {
    const lost = edges.filter((edge) => !edge.isPackage && !has(edge.to) && !edge.to.startsWith("prisma/generated") && !edge.to.endsWith(".css"));
    expect(lost).toEqual([]);
  });

  it.each(RULES)("$name", ({ isBroken, why }) => {
    const broken = edges.filter(isBroken).map(({ from, to }) => `${from} -> ${to}`);
    expect(broken, why).toEqual([]);
  });

  it("the web never reaches a handler", () => {
    const entries = ["server/web.ts", "server/root.ts", ...files.filter((file) => file.startsWith("app/"))];
    const reached = [...reachableFrom(entries, edges)];
    expect(reached.filter((file) => placeOf(file)?.role === "handlers" || file === "server/worker.ts")).toEqual([]);
    // The bundler follows it to packages of other systems, which are not installed.
    const pages = ["server/root.ts", ...files.filter((file) => file.startsWith("app/"))];
    expect([...reachableFrom(pages, edges)].filter((file) => file.startsWith("server/platform/embedded/"))).toEqual([]);
  });

  it("there is no cycle", () => {
    expect(filesOnCycles(edges)).toEqual([]);
  });
});

describe.each(MODULES)("module %s has its mirrors", (name) => {
  it.each([
    `components/${name}`,
    `app/(console)/${name}`,
    `e2e/${name}.spec.ts`,
    `docs/modules/${name}.md`,
  ])("%s", (mirror) => {
    expect(has(mirror) || has(mirror.replace(/\.ts$/, "/index.ts"))).toBe(true);
  });

  it("operations have their files", () => {
    for (const role of ["schema", "router"]) expect(has(`server/${name}/${role}.ts`) || has(`server/${name}/${role}/index.ts`), role).toBe(true);
    expect(has(`server/${name}/queries.ts`) || has(`server/${name}/queries/index.ts`)).toBe(true);
    expect(has(`server/${name}/mutations.ts`) || has(`server/${name}/mutations/index.ts`)).toBe(true);
  });

  it("its router is one line of the root", () => {
    expect(read("server/root.ts")).toMatch(new RegExp(`^\\s+${name}: ${name}Router,$`, "m"));
  });

  it("its jobs and permissions begin with its name", () => {
    const own = files.filter((file) => placeOf(file)?.module === name && !file.includes(".test."));
    const text = own.map(read).join("\n");
    const jobs = [...text.matchAll(/name: "([a-z]+)\.[a-zA-Z]+"/g)].map((match) => match[1]);
    const permissions = [...text.matchAll(/may\("([a-z]+):/g)].map((match) => match[1]);
    expect(new Set([...jobs, ...permissions, name])).toEqual(new Set([name]));
    expect(permissions.length).toBeGreaterThan(0);
  });
});

describe("shape", () => {
  const product = files.filter((file) => /^(app|client|components|server)\//.test(file) && !/\.(test|spec)\./.test(file));

  it("pages are thin", () => {
    const fat = product.filter((file) => /^app\/.*(page|layout)\.tsx$/.test(file) && lineCount(file) > PAGE_MAX_LINES);
    expect(fat).toEqual([]);
  });

  it("nine of ten files fit on a few screens", () => {
    const sizes = product.map(lineCount).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(P90_MAX_LINES);
  });

  it("no file is a bucket", () => {
    const buckets = product.filter((file) => /(^|\/)(utils?|helpers?|common|lib|types|misc|manager)(\.tsx?|\/)/.test(file));
    expect(buckets).toEqual([]);
  });

  it("an index is a role that became a folder", () => {
    const indexes = product.filter((file) => file.startsWith("server/") && file.endsWith("/index.ts"));
    expect(indexes.filter((file) => !/\/(queries|mutations|router|schema|handlers)\/index\.ts$/.test(file))).toEqual([]);
  });

  it("a mutation file audits", () => {
    const silent = product.filter((file) => placeOf(file)?.role === "mutations" && /inTransaction\(/.test(read(file)) && !/audit(?:All)?\(/.test(read(file)));
    expect(silent).toEqual([]);
  });

  it("the environment is read in one place", () => {
    const readers = product.filter((file) => /(?<!\$\{)process\.env\b/.test(read(file)) && !/^(server\/platform\/(config|testing\/)|client\/cli\/program\.ts)/.test(file));
    expect(readers).toEqual([]);
  });

  it("the network is reached through the guard", () => {
    const callers = product.filter((file) => file.startsWith("server/") && /(?<![.\w])fetch\(/.test(read(file)));
    expect(callers).toEqual([]);
  });
});
