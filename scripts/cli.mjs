#!/usr/bin/env node
/**
 * The command line: `npm run cli -- <command>`. Makes sure that packages and client are there, then runs server/cli.ts, which
 * works on the installation itself, or client/cli, which talks to a running console as CI does.
 */
import { isForConsole } from "./launcher/console-commands.mjs";
import { handOver } from "./launcher/hand-over.mjs";
import { ensureReady } from "./launcher/prepare.mjs";
import { inRoot } from "./launcher/run.mjs";
import { sayOnStandardError } from "./launcher/steps.mjs";

const args = process.argv.slice(2);

sayOnStandardError();
try {
  process.chdir(inRoot());
  await ensureReady({ pages: false });
  await handOver(inRoot(isForConsole(args) ? "client/cli/program.ts" : "server/cli.ts"), args);
} catch (error) {
  process.stderr.write(`${error.name === "Refusal" ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
