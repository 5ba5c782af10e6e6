/** The package as users get it: packed, installed into an empty project, compiled against, and run. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeApiKey } from "../server/platform/auth/api-key.ts";
import { trpcEndpoint } from "../server/platform/edge/trpc-endpoint.ts";
import { testDatabase } from "../server/platform/testing/database.ts";
import { testServer } from "../server/platform/testing/http.ts";
import { appRouter } from "../server/root.ts";

const root = path.resolve(import.meta.dirname, "..");
const project = mkdtempSync(path.join(os.tmpdir(), "seaworthy-package-"));
afterAll(() => rmSync(project, { recursive: true, force: true }));

const database = testDatabase();
const server = testServer(database, { "/api/trpc": trpcEndpoint(appRouter) });
const key = makeApiKey();
const run = promisify(execFile);
/** The product refuses names it does not know, and npm would find this repository's settings. */
const env = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => ({ NODE_ENV: "test", PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: project, npm_config_update_notifier: "false", ...extra });
const INSTALL_TIMEOUT_MS = 120_000;

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_1", email: "a@example.com", name: "Ada", role: "editor", createdAt: now, updatedAt: now } });
  await database.db.apiKey.create({ data: { id: "key_1", name: "ci", prefix: key.prefix, hash: key.hash, ownerId: "usr_1", scopes: ["*"], createdAt: now } });
  const dist = path.join(project, "dist");
  await run(process.execPath, [path.join(root, "scripts/build-client.ts"), dist], { cwd: root });
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", project, dist], { cwd: project, env: env() });
  mkdirSync(path.join(project, "app"));
  writeFileSync(path.join(project, "app/package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", path.join(project, stdout.trim())], { cwd: path.join(project, "app"), env: env() });
}, INSTALL_TIMEOUT_MS);

const inApp = (file: string) => path.join(project, "app", file);

function compile(source: string): string {
  writeFileSync(inApp("main.ts"), source);
  writeFileSync(inApp("tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [] }, files: ["main.ts"] }));
  return spawnSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", inApp("tsconfig.json")], { cwd: inApp("."), encoding: "utf8", env: env() }).stdout;
}

describe("the packed client", () => {
  test("brings nothing else along", () => {
    const lock = JSON.parse(readFileSync(inApp("package-lock.json"), "utf8")) as { packages: Record<string, unknown> };
    expect(Object.keys(lock.packages).toSorted((a, b) => a.localeCompare(b))).toEqual(["", "node_modules/seaworthy"]);
  });

  test("types every input and output", () => {
    const head = 'import { createSeaworthyClient, SeaworthyError } from "seaworthy/client";\nconst seaworthy = createSeaworthyClient({ url: "http://x" });\n';
    expect(compile(`${head}const page = await seaworthy.services.list.query({ filter: "state:down" });\nconst since: Date | undefined = page.items[0]?.stateSince;\nconst state: "up" | "degraded" | "down" | "unknown" | undefined = page.items[0]?.state;\nawait seaworthy.services.create.mutate({ name: "A", address: "https://a.example" }, { context: { idempotencyKey: "k" } });\nexport { since, state, SeaworthyError };\n`)).toBe("");
    expect(compile(`${head}await seaworthy.services.create.mutate({ nmae: "A" });\n`)).toContain("'nmae' does not exist");
    expect(compile(`${head}const page = await seaworthy.services.list.query({});\nexport const wrong: number | undefined = page.items[0]?.state;\n`)).toContain("is not assignable");
  });

  test("calls a console, with dates as dates and refusals as SeaworthyError", async () => {
    writeFileSync(
      inApp("call.mjs"),
      `import { createSeaworthyClient, SeaworthyError } from "seaworthy/client";
const make = (apiKey) => createSeaworthyClient({ url: process.env.URL, apiKey });
const added = await make(process.env.KEY).services.create.mutate({ name: "Blog" });
const refusal = await make("sw_wrong").services.list.query({}).catch((error) => error);
console.log(JSON.stringify({ slug: added.slug, isDate: added.createdAt instanceof Date, isError: refusal instanceof SeaworthyError, code: refusal.data?.error }));`,
    );
    const { stdout } = await run(process.execPath, [inApp("call.mjs")], { cwd: inApp("."), env: env({ URL: server.origin, KEY: key.plain }) });
    expect(JSON.parse(stdout)).toEqual({ slug: "blog", isDate: true, isError: true, code: "unauthorized" });
  });

  test("has the command line, for the Node that runs it", async () => {
    const { stdout } = await run(inApp("node_modules/.bin/seaworthy"), ["services", "list", "--json"], { cwd: inApp("."), env: env({ SEAWORTHY_URL: server.origin, SEAWORTHY_API_KEY: key.plain }) });
    expect((JSON.parse(stdout) as { items: { slug: string }[] }).items.map(({ slug }) => slug)).toEqual(["blog"]);
    const refused = await run(inApp("node_modules/.bin/seaworthy"), ["services", "list"], { cwd: inApp("."), env: env({ SEAWORTHY_URL: server.origin, SEAWORTHY_API_KEY: "sw_wrong" }) }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 3 });
  });
});
