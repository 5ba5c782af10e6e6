/**
 * `admin create`: makes an administrator, and on request an API key, directly on the database. Safe to repeat: an
 * existing account is left alone unless `--reset` asks for its password, role and state to be set as given.
 */
import { parseArgs } from "node:util";
import * as z from "zod";
import { createUser, insertKey, resetAccount } from "../access/mutations/index.ts";
import { CreateUser, PASSWORD_MIN_LENGTH, Role, type User } from "../access/schema.ts";
import type { Context } from "../platform/context.ts";
import { AppError, toAppError } from "../platform/errors.ts";
import { EXIT, type CommandResult } from "./command.ts";

/** Every form of the command, a line each. */
export const ADMIN_USAGE = [
  "admin create --email <address> [--password <text>] [--name <text>] [--role admin|editor|viewer] [--reset] [--api-key [--key-name <text>]]",
  `Without --password one is generated and printed once; with it, at least ${PASSWORD_MIN_LENGTH} characters.`,
];

const OPTIONS = {
  email: { type: "string" },
  password: { type: "string" },
  name: { type: "string" },
  role: { type: "string", default: "admin" },
  reset: { type: "boolean", default: false },
  "api-key": { type: "boolean", default: false },
  "key-name": { type: "string", default: "cli" },
  json: { type: "boolean", default: false },
} as const;

const CreateArguments = CreateUser.extend({ role: Role, reset: z.boolean(), wantsKey: z.boolean(), keyName: z.string().trim().min(1).max(80) });
type CreateArguments = z.infer<typeof CreateArguments>;

function readArguments(args: string[]): CreateArguments {
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  const name = values.name ?? values.email?.split("@")[0];
  return CreateArguments.parse({ ...values, name, wantsKey: values["api-key"], keyName: values["key-name"] });
}

function usage(problem: string): CommandResult {
  return { exitCode: EXIT.usage, output: { error: problem, usage: ADMIN_USAGE }, lines: [problem, ...ADMIN_USAGE] };
}

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`).join("\n");
  return error instanceof Error ? error.message : String(error);
}

type Account = { user: User; generatedPassword: string | null; outcome: "created" | "reset" | "unchanged" };

async function createOrReset(ctx: Context, input: CreateArguments): Promise<Account> {
  const existing = await ctx.db.user.findUnique({ where: { email: input.email }, select: { id: true } });
  if (existing) return resetAccount(ctx, { ...input, id: existing.id });
  return { ...(await createUser(ctx, input)), outcome: "created" };
}

/** Runs `admin <args>`. Never throws for wrong use or a refusal; the exit code tells. */
export async function adminCommand(ctx: Context, args: string[]): Promise<CommandResult> {
  if (args[0] !== "create") return usage("Say `admin create`.");
  let input: CreateArguments;
  try {
    input = readArguments(args.slice(1));
  } catch (error) {
    return usage(problemOf(error));
  }
  try {
    return await create(ctx, input);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { exitCode: 1, output: { error: toAppError(error).message }, lines: [error.message] };
  }
}

async function create(ctx: Context, input: CreateArguments): Promise<CommandResult> {
  const { user, generatedPassword, outcome } = await createOrReset(ctx, input);
  const key = input.wantsKey ? await insertKey(ctx, user.id, { name: input.keyName, scopes: ["*"], expiresInDays: null }) : null;
  const said = { created: `Created ${user.email} as ${user.role}.`, reset: `Reset ${user.email} as ${user.role}; all sessions ended.`, unchanged: `${user.email} exists already and was left alone (use --reset to set it).` };
  const lines = [said[outcome]];
  if (generatedPassword !== null) lines.push(`Password (shown once): ${generatedPassword}`);
  if (key) lines.push(`API key (shown once): ${key.plainKey}`);
  return {
    exitCode: 0,
    output: { outcome, id: user.id, email: user.email, role: user.role, password: generatedPassword, apiKey: key?.plainKey ?? null },
    lines,
  };
}
