/**
 * `npm run build:client`: writes the package that users install, to dist/client: the client for Node and browsers, the
 * command line, and their types. Both are single files without dependencies.
 */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { appRouter } from "../server/root.ts";
import { clientTypes } from "./client-types.ts";

const root = path.resolve(import.meta.dirname, "..");
/** Another folder may be named, for tests. */
const target = path.resolve(process.argv[2] ?? path.join(root, "dist/client"));
const own = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string; license: string };

const PACKAGE = {
  name: "seaworthy",
  version: own.version,
  description: "Typed client and command line of the Seaworthy production-readiness console.",
  license: own.license,
  type: "module",
  engines: { node: ">=20" },
  bin: { seaworthy: "./cli.js" },
  exports: { "./client": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
  files: ["index.js", "index.d.ts", "cli.js", "README.md", "LICENSE"],
  sideEffects: false,
};

const shared = { bundle: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "warning", absWorkingDir: root } as const;

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await build({ ...shared, entryPoints: ["client/index.ts"], outfile: path.join(target, "index.js"), platform: "neutral", mainFields: ["module", "main"] });
await build({
  ...shared,
  entryPoints: ["client/cli/program.ts"],
  outfile: path.join(target, "cli.js"),
  platform: "node",
  minifySyntax: true,
  // Libraries in the older module format ask for Node's own modules by require().
  banner: { js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);' },
});
chmodSync(path.join(target, "cli.js"), 0o755);
writeFileSync(path.join(target, "index.d.ts"), clientTypes(appRouter));
writeFileSync(path.join(target, "package.json"), `${JSON.stringify(PACKAGE, null, 2)}\n`);
copyFileSync(path.join(root, "LICENSE"), path.join(target, "LICENSE"));
copyFileSync(path.join(root, "docs/client.md"), path.join(target, "README.md"));

for (const file of PACKAGE.files) process.stdout.write(`${file.padEnd(12)} ${Math.ceil(statSync(path.join(target, file)).size / 1024)} KB\n`);
process.exit(0);
