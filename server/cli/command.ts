/** What a command of the CLI is: how it is called, what it needs, and what it answers. */
import type { Context } from "../platform/context.ts";

/** ok, the work failed, wrong use. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export type CommandResult = {
  exitCode: number;
  /** Printed with --json. */
  output: object;
  /** Printed otherwise. */
  lines: string[];
};

type Described = {
  /** One line for --help. */
  about: string;
  usage: string;
  /** Every form of it with its options, for `<command> --help`; the usage when there is no more to say. */
  help?: readonly string[];
};

/** A command over a migrated database, or one that looks at the installation itself. */
export type Command =
  | (Described & { needs: "database"; run: (ctx: Context, args: string[]) => Promise<CommandResult> })
  | (Described & { needs: "nothing"; run: (args: string[], env: NodeJS.ProcessEnv) => Promise<CommandResult> });
