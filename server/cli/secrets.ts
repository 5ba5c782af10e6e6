/**
 * `secrets`: the keys that encrypt stored credentials. `rotate` adds a key, which every process uses within a second,
 * and seals what is stored with it while everything runs; `retire` takes an old key out, but not while anything needs it.
 */
import { resealAccess } from "../access/mutations/index.ts";
import { countAccessByKey } from "../access/queries/index.ts";
import { resealBackups } from "../backups/mutations/index.ts";
import { countBackupsByKey, countRunsBegunBefore } from "../backups/queries/index.ts";
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

type Sealed = { checks: number; access: number; queues: number; backups: number };
/** `archives` are backups in stores: they are not sealed again, the key stays until retention has let them go. */
type Use = Sealed & { archives: number };
const UNUSED: Use = { checks: 0, access: 0, queues: 0, backups: 0, archives: 0 };

const place = () => ({ file: config().SEAWORTHY_KEYRING_FILE, dataDir: config().SEAWORTHY_DATA_DIR });

async function countUse(ctx: Context): Promise<Map<string, Use>> {
  const [checks, access, queues, backups] = [await countChecksByKey(ctx), await countAccessByKey(ctx, place()), await countConnectionsByKey(ctx), await countBackupsByKey(ctx)];
  const ids = new Set([checks, access, queues, backups].flatMap((counts) => [...counts.keys()]));
  return new Map([...ids].map((id) => [id, { checks: checks.get(id) ?? 0, access: access.get(id) ?? 0, queues: queues.get(id) ?? 0, backups: backups.get(id)?.settings ?? 0, archives: backups.get(id)?.archives ?? 0 }]));
}

const sealedWords = ({ checks, access, queues, backups }: Sealed) => `${checks} checks, ${access} second factors and audit archives, ${queues} queue connections, ${backups} stores, plans and restores of backups`;
const useWords = (use: Use) => `${sealedWords(use)}, ${use.archives} backups in stores`;

async function status(ctx: Context): Promise<CommandResult> {
  const { current, keys } = await viewKeyring(place().file);
  const use = await countUse(ctx);
  const missing = [...use.keys()].filter((id) => !keys.includes(id));
  const rows = [...keys, ...missing].map((id) => ({ id, isCurrent: id === current, isMissing: missing.includes(id), ...(use.get(id) ?? UNUSED) }));
  const lines = rows.map((row) => `${row.id}${row.isCurrent ? " (current)" : ""}${row.isMissing ? " (MISSING from the keyring)" : ""}: ${useWords(row)}`);
  return { exitCode: missing.length > 0 ? EXIT.failed : EXIT.ok, output: { current, keys: rows }, lines };
}

async function reseal(ctx: Context): Promise<Sealed> {
  return { checks: await resealChecks(ctx), access: await resealAccess(ctx, place()), queues: await resealConnections(ctx), backups: await resealBackups(ctx) };
}

async function rotate(ctx: Context): Promise<CommandResult> {
  const { current, keys } = await addKey(place().file);
  await audit(ctx, { action: "secrets.rotate", target: { kind: "key", id: current }, summary: `Made ${current} the key that encrypts stored credentials` });
  const sealed = await reseal(ctx);
  const old = keys.filter((id) => id !== current);
  const lines = [
    `${current} is the current key. Sealed again: ${sealedWords(sealed)}.`,
    "What a process sealed with the old key in the last second is found by the worker within ten minutes.",
    `In a minute or later: npm run cli -- secrets retire ${old.at(-1) ?? ""}`,
  ];
  return { exitCode: EXIT.ok, output: { current, keys, sealed }, lines };
}

/** Throws `precondition` when anything needs the key, or may need it: a backup being written tells its key only at its end. */
async function refuseWhileNeeded(ctx: Context, id: string, ringAgeMs: number): Promise<void> {
  const used = (await countUse(ctx)).get(id);
  const { archives, ...sealed } = used ?? UNUSED;
  const wayOut = [
    ...(Object.values(sealed).some((count) => count > 0) ? ["Run `secrets reseal` first."] : []),
    ...(archives > 0 ? ["Backups in stores are not sealed again: keep the key until retention has let them go."] : []),
  ];
  if (used) throw new AppError("precondition", `${id} is still needed by ${useWords(used)}. ${wayOut.join(" ")} Nothing was changed.`);
  const writing = await countRunsBegunBefore(ctx, new Date(ctx.now().getTime() - ringAgeMs + SETTLED_MS));
  if (writing > 0) throw new AppError("precondition", `A backup that began before the keys changed is still being written and may need ${id}. Try again when it has ended; nothing was changed.`);
}

async function retire(ctx: Context, id: string): Promise<CommandResult> {
  const { file } = place();
  const ageMs = await keyringAgeMs(file, ctx.now());
  if (ageMs < SETTLED_MS) {
    const waitSeconds = Math.ceil((SETTLED_MS - ageMs) / SECOND_MS);
    throw new AppError("precondition", `The keyring was changed less than a minute ago and a process may still use ${id}. Try again in ${waitSeconds} s; nothing was changed.`);
  }
  await refuseWhileNeeded(ctx, id, ageMs);
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
    return { exitCode: EXIT.ok, output: sealed, lines: [`Sealed again: ${sealedWords(sealed)}.`] };
  }
  if (verb === "retire" && id) return retire(ctx, id);
  return { exitCode: EXIT.usage, output: { error: "Say what to do with the keys.", usage: USAGE }, lines: USAGE };
}
