#!/usr/bin/env node
/** The command line: `npm run cli -- <command>`. Makes sure that packages and client are there, then runs server/cli.ts. */
import { handOver } from "./launcher/hand-over.mjs";
import { ensureReady } from "./launcher/prepare.mjs";
import { inRoot } from "./launcher/run.mjs";
import { sayOnStandardError } from "./launcher/steps.mjs";

sayOnStandardError();
try {
  process.chdir(inRoot());
  await ensureReady({ pages: false });
  await handOver(inRoot("server/cli.ts"), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.name === "Refusal" ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
