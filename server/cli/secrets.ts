/**
 * `secrets`: the keys that encrypt stored credentials. `rotate` adds a key, which every process uses within a second,
 * and seals what is stored with it while everything runs; `retire` takes an old key out, but not while anything needs it.
 */
import { resealAccess } from "../access/mutations/index.ts";
import { countAccessByKey } from "../access/queries/index.ts";
import { audit } from "../platform/audit.ts";
import { MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import { config } from "../platform/config.ts";
import type { Context } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";
import { addKey, keyringAgeMs, removeKey, viewKeyring } from "../platform/rotation/keyring-file.ts";
import { resealConnections } from "../queues/mutations/index.ts";
import { countConnectionsByKey } from "../queues/queries/index.ts";
import { resealChecks } from "../services/mutations/index.ts";
import { countChecksByKey } from "../services/queries/index.ts";
import { EXIT, type CommandResult } from "./command.ts";

const USAGE = ["secrets status", "secrets rotate", "secrets reseal", "secrets retire <key>"];

/** After a rotation, processes may seal with the old key for another second; a slow transaction somewhat longer. */
const SETTLED_MS = MINUTE_MS;

type Use = { checks: number; access: number; queues: number };

const place = () => ({ file: config().SEAWORTHY_KEYRING_FILE, dataDir: config().SEAWORTHY_DATA_DIR });

async function countUse(ctx: Context): Promise<Map<string, Use>> {
  const [checks, access, queues] = [await countChecksByKey(ctx), await countAccessByKey(ctx, place()), await countConnectionsByKey(ctx)];
  const ids = new Set([...checks.keys(), ...access.keys(), ...queues.keys()]);
  return new Map([...ids].map((id) => [id, { checks: checks.get(id) ?? 0, access: access.get(id) ?? 0, queues: queues.get(id) ?? 0 }]));
}

const useWords = ({ checks, access, queues }: Use) => `${checks} checks, ${access} second factors and audit archives, ${queues} queue connections`;

async function status(ctx: Context): Promise<CommandResult> {
  const { current, keys } = await viewKeyring(place().file);
  const use = await countUse(ctx);
  const missing = [...use.keys()].filter((id) => !keys.includes(id));
  const rows = [...keys, ...missing].map((id) => ({ id, isCurrent: id === current, isMissing: missing.includes(id), ...(use.get(id) ?? { checks: 0, access: 0, queues: 0 }) }));
  const lines = rows.map((row) => `${row.id}${row.isCurrent ? " (current)" : ""}${row.isMissing ? " (MISSING from the keyring)" : ""}: ${useWords(row)}`);
  return { exitCode: missing.length > 0 ? EXIT.failed : EXIT.ok, output: { current, keys: rows }, lines };
}

async function reseal(ctx: Context): Promise<Use> {
  return { checks: await resealChecks(ctx), access: await resealAccess(ctx, place()), queues: await resealConnections(ctx) };
}

async function rotate(ctx: Context): Promise<CommandResult> {
  const { current, keys } = await addKey(place().file);
  await audit(ctx, { action: "secrets.rotate", target: { kind: "key", id: current }, summary: `Made ${current} the key that encrypts stored credentials` });
  const sealed = await reseal(ctx);
  const old = keys.filter((id) => id !== current);
  const lines = [
    `${current} is the current key. Sealed again: ${useWords(sealed)}.`,
    "What a process sealed with the old key in the last second is found by the worker within ten minutes.",
    `In a minute or later: npm run cli -- secrets retire ${old.at(-1) ?? ""}`,
  ];
  return { exitCode: EXIT.ok, output: { current, keys, sealed }, lines };
}

async function retire(ctx: Context, id: string): Promise<CommandResult> {
  const { file } = place();
  const ageMs = await keyringAgeMs(file, ctx.now());
  if (ageMs < SETTLED_MS) {
    const waitSeconds = Math.ceil((SETTLED_MS - ageMs) / SECOND_MS);
    throw new AppError("precondition", `The keyring was changed less than a minute ago and a process may still use ${id}. Try again in ${waitSeconds} s; nothing was changed.`);
  }
  const used = (await countUse(ctx)).get(id);
  if (used) throw new AppError("precondition", `${id} is still needed by ${useWords(used)}. Run \`secrets reseal\` first; nothing was changed.`);
  const view = await removeKey(file, id);
  await audit(ctx, { action: "secrets.retire", target: { kind: "key", id }, summary: `Took the key ${id} out of the keyring` });
  return { exitCode: EXIT.ok, output: view, lines: [`${id} is gone. The keyring holds ${view.keys.join(", ")}; ${view.current} is current.`] };
}

/** Runs `secrets <args>`. */
export async function secretsCommand(ctx: Context, args: string[]): Promise<CommandResult> {
  const [verb, id] = args;
  if (verb === "status") return status(ctx);
  if (verb === "rotate") return rotate(ctx);
  if (verb === "reseal") {
    const sealed = await reseal(ctx);
    return { exitCode: EXIT.ok, output: sealed, lines: [`Sealed again: ${useWords(sealed)}.`] };
  }
  if (verb === "retire" && id) return retire(ctx, id);
  return { exitCode: EXIT.usage, output: { error: "Say what to do with the keys.", usage: USAGE }, lines: USAGE };
}
