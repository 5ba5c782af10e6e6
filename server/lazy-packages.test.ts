/**
 * What an idle process may not have loaded. Each of these packages costs megabytes and serves one feature, so it is
 * loaded with that feature's first use: `await import("…")` in the adapter that needs it, never at the top of a file.
 */
import { expect, it } from "vitest";
import { readProject } from "../scripts/architecture/imports.ts";

const HEAVY = [
  "@electric-sql/pglite",
  "@electric-sql/pglite-tools",
  "@upstash/redis",
  "amqplib",
  "bullmq",
  "ioredis",
  "next",
  "nodemailer",
  "pg-boss",
  "pino-pretty",
  "playwright",
  "typescript",
  "yaml",
];
/** Rendered on the server, a chart is an empty box: its library belongs to the browser. */
const NEVER_ON_THE_SERVER = ["recharts", "@mantine/charts"];

const { files, edges } = readProject();
const loading = edges.filter((edge) => !edge.isTypeOnly && !edge.isDynamic);
const nameOf = (specifier: string) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** Packages that are loaded together with these files, and which file asks for each. */
function loadedWith(entries: string[]): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set(entries);
  for (const file of seen) {
    for (const edge of loading.filter(({ from }) => from === file)) {
      if (edge.isPackage) packages.set(nameOf(edge.to), file);
      else seen.add(edge.to);
    }
  }
  return packages;
}

const found = (entries: string[], unwanted: string[]) => {
  const loaded = loadedWith(entries);
  return unwanted.flatMap((name) => (loaded.has(name) ? [`${loaded.get(name)} loads ${name}`] : []));
};

it.each<[string, string[], string[]]>([
  ["the launcher", ["server/main.ts"], ["@prisma/client", "@prisma/adapter-pg", "prom-client", "undici"]],
  ["the web server", ["server/web.ts"], ["@prisma/client", "pg"]],
  ["the worker", ["server/worker.ts"], []],
  ["the API routes", files.filter((file) => /^app\/.*route\.ts$/.test(file)), []],
])("%s: nothing heavy before it is used", (_name, entries, more) => {
  expect(found(entries, [...HEAVY, ...more])).toEqual([]);
});

it("pages are rendered without the library of charts", () => {
  const pages = files.filter((file) => /^app\/.*(page|layout)\.tsx$/.test(file));
  expect(found(pages, [...HEAVY.filter((name) => name !== "next"), ...NEVER_ON_THE_SERVER])).toEqual([]);
});

it("follows imports to their packages", () => {
  expect(loadedWith(["server/worker.ts"]).has("zod")).toBe(true);
});
