/**
 * `seaworthy`: the command line for CI and scripts. It talks to a running console through the typed client only.
 * Commands and their help are in commands/; this file joins them to the process.
 */
import { spawnSync } from "node:child_process";
import { createSeaworthyClient } from "../index.ts";
import { askSecret } from "./ask.ts";
import { detectCi } from "./ci.ts";
import { CliError, EXIT, text, type Answer, type World } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { findConnection } from "./connection.ts";
import { explain } from "./failures.ts";
import { findCommand, helpOf, parseLine, usageOf } from "./options.ts";
import { render, writeSummary } from "./output.ts";

const GIT_TIMEOUT_MS = 5_000;

function askGit(cwd: string): (args: string[]) => string | null {
  return (args) => {
    const { status, stdout } = spawnSync("git", args, { cwd, encoding: "utf8", timeout: GIT_TIMEOUT_MS, stdio: ["ignore", "pipe", "ignore"] });
    return status === 0 ? stdout.trim() || null : null;
  };
}

/** The world of a real process; facts are looked up when first asked for. */
function worldOf({ env, cwd, url, onConnect }: { env: World["env"]; cwd: string; url: string | undefined; onConnect: (address: string) => void }): World {
  let ci: World["ci"] | undefined;
  const connection = () => {
    const found = findConnection(env, url);
    onConnect(found.url);
    return found;
  };
  return {
    env,
    cwd,
    get ci() {
      ci ??= detectCi(env, askGit(cwd));
      return ci;
    },
    connection,
    client: () => {
      const { url: address, apiKey } = connection();
      return createSeaworthyClient({ url: address, ...(apiKey ? { apiKey } : {}) });
    },
    fetch: globalThis.fetch,
    progress: (line) => process.stderr.write(`${line}\n`),
    askSecret,
  };
}

const failure = (message: string, exitCode: Answer["exitCode"]): Answer => ({ exitCode, output: { error: message }, lines: [message] });

/** Runs one line and answers; throws only for defects of this program. */
export async function answerLine(args: readonly string[], env: World["env"], cwd: string): Promise<Answer> {
  const command = findCommand(COMMANDS, args);
  if (!command) {
    const isAsked = args.length === 0 || args[0] === "--help" || args[0] === "help";
    const lines = isAsked ? helpOf(COMMANDS) : [`Unknown command ${args.slice(0, 2).join(" ")}.`, "", ...helpOf(COMMANDS)];
    return { exitCode: isAsked ? EXIT.ok : EXIT.usage, output: isAsked ? { commands: COMMANDS.map(({ name, about }) => ({ name, about })) } : { error: lines[0] }, lines };
  }
  let address = "this address";
  try {
    const { words, options } = parseLine(command, args);
    if (options["help"]) return { exitCode: EXIT.ok, output: { usage: usageOf(command).join("\n") }, lines: usageOf(command) };
    const onConnect = (found: string) => (address = found);
    return await command.run(worldOf({ env, cwd, url: text(options, "url"), onConnect }), words, options);
  } catch (error) {
    const explained = explain(error, address);
    if (explained instanceof CliError) return failure(explained.message, explained.exitCode);
    throw explained;
  }
}

/** Runs the process's own line, prints and sets the exit code. */
export async function main(args: readonly string[], env: World["env"]): Promise<void> {
  const answer = await answerLine(args, env, process.cwd());
  const { out, err } = render(answer, { isJson: args.includes("--json"), isGithub: env["GITHUB_ACTIONS"] === "true" });
  process.stdout.write(out);
  process.stderr.write(err);
  writeSummary(answer, env["GITHUB_STEP_SUMMARY"]);
  process.exitCode = answer.exitCode;
}
