#!/usr/bin/env node
/** The command line: `npm run cli -- <command>`. Makes sure that packages and client are there, then runs server/cli.ts. */
import { handOver } from "./launcher/hand-over.mjs";
import { ensurePackages } from "./launcher/packages.mjs";
import { ensureClient } from "./launcher/prepare.mjs";
import { inRoot } from "./launcher/run.mjs";
import { sayOnStandardError } from "./launcher/steps.mjs";
import { inTurn } from "./launcher/turn.mjs";

sayOnStandardError();
try {
  process.chdir(inRoot());
  await inTurn(async () => {
    await ensurePackages();
    await ensureClient();
  });
  await handOver(inRoot("server/cli.ts"), process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.name === "Refusal" ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
