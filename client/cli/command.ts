/**
 * What a command of `seaworthy` is: words on the line, options, and work over a world that tests replace. A command
 * answers with lines for people and one JSON document for programs; it never prints by itself, except progress.
 */
import type { SeaworthyClient } from "../index.ts";
import type { CiFacts } from "./ci.ts";
import type { Connection } from "./connection.ts";

/** ok; the gate says no or the work failed; wrong use; the console cannot be reached or refuses the key. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

export type Answer = {
  exitCode: (typeof EXIT)[keyof typeof EXIT];
  /** Printed with --json, as one document. */
  output: object;
  /** Printed otherwise. */
  lines: string[];
  /** Problems for the CI system to show at the change itself. */
  annotations?: Annotation[];
  /** Markdown for the summary of a CI run. */
  summary?: string;
};

export type Annotation = { level: "error" | "warning" | "notice"; title: string; message: string; file?: string; line?: number };

/** One option; `value` names the placeholder in help, absent for a switch. */
export type Option = { name: string; value?: string; about: string };

export type Options = Record<string, string | boolean | undefined>;

export type World = {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** What the CI system says of this run; all null outside one. */
  ci: CiFacts;
  /** Where and as whom to call. Throws CliError when no address or key is known. */
  connection: () => Connection;
  client: () => SeaworthyClient;
  fetch: typeof globalThis.fetch;
  /** One line to standard error while something takes long. */
  progress: (line: string) => void;
  /** Asks for a secret without showing it; reads standard input when that is not a terminal. */
  askSecret: (question: string) => Promise<string>;
};

export type Command = {
  /** "coverage push" */
  name: string;
  about: string;
  /** Placeholders of the words after the name, e.g. "<file> [file …]". */
  words: string;
  options: readonly Option[];
  /** Fewest and most words after the name. */
  arity: readonly [least: number, most: number];
  run: (world: World, words: string[], options: Options) => Promise<Answer>;
};

/** A failure with a sentence for the person at the terminal; `exitCode` says of which kind. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: (typeof EXIT)[keyof typeof EXIT];

  constructor(message: string, exitCode: (typeof EXIT)[keyof typeof EXIT] = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The text of an option; undefined when it was not given. */
export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The text of an option that the command cannot do without. `hint` says where else it could come from. */
export function required(options: Options, name: string, hint = ""): string {
  const value = text(options, name);
  if (value === undefined) throw new CliError(`--${name} is missing.${hint ? ` ${hint}` : ""}`, EXIT.usage);
  return value;
}
