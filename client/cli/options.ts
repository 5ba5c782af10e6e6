/** Reads a command line: which command, its words, its options; and writes help. Knows no command itself. */
import { parseArgs } from "node:util";
import { CliError, EXIT, type Command, type Option, type Options } from "./command.ts";

/** Every command has these. */
export const COMMON: readonly Option[] = [
  { name: "url", value: "address", about: "the console; otherwise SEAWORTHY_URL or the login" },
  { name: "json", about: "one JSON document on standard output" },
  { name: "help", about: "this text" },
];

export type Parsed = { command: Command; words: string[]; options: Options };

/** The command whose name the line begins with; the longest name wins. */
export function findCommand(commands: readonly Command[], args: readonly string[]): Command | null {
  const line = args.filter((word) => !word.startsWith("-")).slice(0, 2);
  const named = (count: number) => commands.find(({ name }) => name === line.slice(0, count).join(" "));
  return named(2) ?? named(1) ?? null;
}

/** Splits the line. Throws CliError with the command's usage for unknown options and for too few or too many words. */
export function parseLine(command: Command, args: readonly string[]): Parsed {
  const known = [...COMMON, ...command.options];
  const config = Object.fromEntries(known.map(({ name, value }) => [name, { type: value ? ("string" as const) : ("boolean" as const) }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
    const words = positionals.slice(command.name.split(" ").length);
    const [least, most] = command.arity;
    if (!values["help"] && (words.length < least || words.length > most)) throw new CliError(words.length < least ? "A word is missing." : `Too many words: ${words.slice(most).join(" ")}`, EXIT.usage);
    return { command, words, options: values };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliError(`${message}\n\n${usageOf(command).join("\n")}`, EXIT.usage);
  }
}

const optionText = ({ name, value }: Option) => `--${name}${value ? ` <${value}>` : ""}`;

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** Help of one command. */
export function usageOf(command: Command): string[] {
  const rows = [...command.options, ...COMMON].map((option) => [optionText(option), option.about] as const);
  return [`Usage: seaworthy ${command.name}${command.words ? ` ${command.words}` : ""} [options]`, "", `  ${command.about}`, "", ...columns(rows)];
}

/** Help of everything. */
export function helpOf(commands: readonly Command[]): string[] {
  return [
    "Usage: seaworthy <command> [options]",
    "",
    ...columns(commands.map(({ name, words, about }) => [`${name} ${words}`.trim(), about] as const)),
    "",
    "The console's address comes from SEAWORTHY_URL and the key from SEAWORTHY_API_KEY, or both from `seaworthy login`.",
    "Exit codes: 0 done, 1 the gate says no or the work failed, 2 wrong use, 3 the console cannot be reached or refuses the key.",
  ];
}
