/**
 * The command line of an installation. It works on the database directly, so it needs no running console and no
 * sign-in: whoever may read the data folder or knows DATABASE_URL is an administrator. Exit codes: 0 done, 1 failed,
 * 2 wrong use. With --json the answer, also of a failure, is one JSON document on standard output.
 */
import { ADMIN_USAGE, adminCommand } from "./cli/admin.ts";
import { AUDIT_USAGE, auditCommand } from "./cli/audit.ts";
import { BACKUP_USAGE, backupCommand } from "./cli/backup.ts";
import { EXIT, type Command, type CommandResult } from "./cli/command.ts";
import { doctorCommand } from "./cli/doctor.ts";
import { migrateCommand } from "./cli/migrate.ts";
import { secretsCommand } from "./cli/secrets.ts";
import { seedCommand } from "./cli/seed.ts";
import { withContext } from "./cli/session.ts";
import { ConfigError, environment } from "./platform/config.ts";
import { AppError } from "./platform/errors.ts";

const COMMANDS: Record<string, Command> = {
  admin: { about: "create an administrator, with an API key on request", usage: "admin create --email … [--password …] [--name …] [--api-key]", help: ADMIN_USAGE, needs: "database", run: adminCommand },
  audit: { about: "verify the audit trail, anchor it, or archive old entries", usage: "audit verify | anchor | archive [--older-than-days 90]", help: AUDIT_USAGE, needs: "database", run: auditCommand },
  backup: { about: "list, verify, restore and take backups, from a store and a key file alone", usage: "backup list | verify | restore | take | prune | kit | ring --store … --key-file …", help: BACKUP_USAGE, needs: "nothing", run: backupCommand },
  doctor: { about: "look at environment, data folder, disk, database and migrations", usage: "doctor", needs: "nothing", run: doctorCommand },
  migrate: { about: "bring the database to this version", usage: "migrate", needs: "nothing", run: migrateCommand },
  secrets: { about: "show, rotate or retire the keys that encrypt stored credentials", usage: "secrets status | rotate | reseal | retire <key>", needs: "database", run: secretsCommand },
  seed: { about: "fill an empty console with demo data", usage: "seed demo", needs: "database", run: seedCommand },
};

function help(): string[] {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { about, usage }]) => `  ${name.padEnd(width)}  ${about}\n  ${" ".repeat(width)}  ${usage}`);
  const more = ["", "For a running console, as CI uses it: login, services, coverage, junit, loadtest, gate, score, import, apply, export;", "each tells more with --help, and docs/client.md all of it."];
  return ["Usage: npm run cli -- <command> [options] [--json]", "", ...lines, ...more];
}

function run(command: Command, args: string[]): Promise<CommandResult> {
  if (command.needs === "nothing") return command.run(args, environment());
  return withContext((ctx) => command.run(ctx, args));
}

async function answer(words: string[]): Promise<CommandResult> {
  const [name = "--help", ...args] = words;
  if (name === "--help" || name === "help") return { exitCode: EXIT.ok, output: { usage: help() }, lines: help() };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return { exitCode: EXIT.usage, output: { error: `Unknown command ${name}.`, usage: help() }, lines: [`Unknown command ${name}.`, "", ...help()] };
  if (args.includes("--help")) return { exitCode: EXIT.ok, output: { usage: command.help ?? command.usage }, lines: [`${name}: ${command.about}`, "", ...(command.help ?? [command.usage]).map((line) => `  ${line}`)] };
  try {
    return await run(command, args);
  } catch (error) {
    if (!(error instanceof AppError || error instanceof ConfigError)) throw error;
    return { exitCode: EXIT.failed, output: { error: error.message }, lines: [error.message] };
  }
}

const words = process.argv.slice(2);
const wantsJson = words.includes("--json");
const { exitCode, output, lines } = await answer(words.filter((word) => word !== "--json"));
const stream = exitCode === EXIT.ok || wantsJson ? process.stdout : process.stderr;
stream.write(wantsJson ? `${JSON.stringify(output)}\n` : `${lines.join("\n")}\n`);
process.exitCode = exitCode;
