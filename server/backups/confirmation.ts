/** A token that confirms exactly one restore by exactly one caller, for a few minutes: what was shown is what is done. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import { open, seal } from "../platform/crypto.ts";
import { AppError } from "../platform/errors.ts";

const PURPOSE = "backups.confirm";
/** Long enough to read the consequences and type a name, short enough that they still hold. */
export const CONFIRM_WITHIN_MS = 10 * MINUTE_MS;

const Inside = z.object({ about: z.string(), actor: z.string(), until: z.number() });

const digest = (about: unknown) => createHash("sha256").update(JSON.stringify(about)).digest("hex");
const stale = () => new AppError("precondition", "What you confirmed is older than ten minutes or was changed since. Nothing was restored; look at it again.");

/** Makes the token for `about` (any JSON, fields in a fixed order). */
export function confirmationFor(about: unknown, actor: string, now: Date): string {
  return seal(JSON.stringify({ about: digest(about), actor, until: now.getTime() + CONFIRM_WITHIN_MS }), PURPOSE);
}

/** Throws AppError `precondition` unless the token was made for this restore and caller and is young enough. */
export function assertConfirmed(token: string, given: { about: unknown; actor: string; now: Date }): void {
  const inside = Inside.safeParse(readToken(token));
  if (!inside.success || inside.data.about !== digest(given.about) || inside.data.actor !== given.actor || inside.data.until < given.now.getTime()) throw stale();
}

function readToken(token: string): unknown {
  try {
    return JSON.parse(open(token, PURPOSE));
  } catch {
    // Whatever is wrong with it, the answer is the same: look again.
    return null;
  }
}
