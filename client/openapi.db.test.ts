/** The OpenAPI document as its users meet it: valid, and good enough that a generated client compiles and calls. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { build } from "esbuild";
import { generate } from "openapi-typescript-codegen";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeApiKey } from "../server/platform/auth/api-key.ts";
import { openApiDocument } from "../server/platform/rest/document.ts";
import { restEndpoint } from "../server/platform/rest/endpoint.ts";
import { testDatabase } from "../server/platform/testing/database.ts";
import { testServer } from "../server/platform/testing/http.ts";
import { appRouter } from "../server/root.ts";

const root = path.resolve(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(os.tmpdir(), "seaworthy-openapi-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const database = testDatabase();
const server = testServer(database, { "/api/v1": restEndpoint(appRouter) });
const key = makeApiKey();

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_1", email: "a@example.com", name: "Ada", role: "editor", createdAt: now, updatedAt: now } });
  await database.db.apiKey.create({ data: { id: "key_1", name: "ci", prefix: key.prefix, hash: key.hash, ownerId: "usr_1", scopes: ["*"], createdAt: now } });
});

test("the document is valid OpenAPI 3.1, and every operation has a name of its own", async () => {
  const document = openApiDocument(appRouter, "https://console.example") as { paths: Record<string, Record<string, { operationId?: string }>> };
  const checked = await new Validator().validate(structuredClone(document));
  expect(checked.errors ?? []).toEqual([]);
  const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

test("a generated client compiles and calls", async () => {
  const input = openApiDocument(appRouter, server.origin);
  await generate({ input, output: path.join(folder, "api"), httpClient: "fetch", useOptions: true });
  writeFileSync(
    path.join(folder, "main.ts"),
    `import { OpenAPI, ServicesService } from "./api/index";
OpenAPI.TOKEN = process.env.KEY ?? "";
const added = await ServicesService.servicesCreate({ requestBody: { name: "Blog" } });
const page = await ServicesService.servicesList({ filter: "blog" });
console.log(added.slug, page.items.map((item) => item.name).join());
`,
  );
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, module: "esnext", moduleResolution: "bundler", target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: ["node"], typeRoots: [path.join(root, "node_modules/@types")] }, files: ["main.ts"] }));
  const compiled = spawnSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
  expect(compiled.stdout).toBe("");
  await build({ entryPoints: [path.join(folder, "main.ts")], bundle: true, format: "esm", platform: "node", outfile: path.join(folder, "main.mjs"), logLevel: "silent" });
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [path.join(folder, "main.mjs")], { env: { NODE_ENV: "test", KEY: key.plain } }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  expect(output.trim()).toBe("blog Blog");
});
