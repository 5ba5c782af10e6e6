/** Calls to other systems around a run, through the guarded client. */
import type { Context } from "../../platform/context.ts";
import { AppError, toAppError } from "../../platform/errors.ts";
import type { Hooks } from "../schema.ts";
import { openHooks } from "../secrets.ts";
import type { Journal } from "./journal.ts";

const HOOK_TIMEOUT_MS = 15_000;
const ANSWER_BYTES = 4_096;
const OK_FROM = 200;
const OK_TO = 299;

export type HookCall = { moment: "before" | "after" | "failed"; body: object; journal: Journal; signal?: AbortSignal };

async function call(ctx: Context, url: string, request: HookCall): Promise<string | null> {
  try {
    const answer = await ctx.http.request({
      method: "POST", url, headers: { "content-type": "application/json" }, body: JSON.stringify({ event: `backup.${request.moment}`, at: ctx.now(), ...request.body }),
      timeoutMs: HOOK_TIMEOUT_MS, maxBodyBytes: ANSWER_BYTES, signal: request.signal,
    });
    return answer.status >= OK_FROM && answer.status <= OK_TO ? null : `answered ${answer.status}`;
  } catch (error) {
    request.signal?.throwIfAborted();
    return toAppError(error).message;
  }
}

/** Calls every hook of a moment in order. Throws AppError `precondition` when one that must succeed did not. */
export async function callHooks(ctx: Context, stored: Hooks, request: HookCall): Promise<void> {
  for (const hook of openHooks(stored).filter(({ when }) => when === request.moment)) {
    const { host } = new URL(hook.url);
    const problem = await call(ctx, hook.url, request);
    if (problem === null) await request.journal.write(`Called ${host}.`);
    else if (hook.mustSucceed && request.moment === "before") throw new AppError("precondition", `The call to ${host} must succeed before a run, and it did not: ${problem}`);
    else await request.journal.write(`The call to ${host} failed: ${problem}`, "warn");
  }
}
