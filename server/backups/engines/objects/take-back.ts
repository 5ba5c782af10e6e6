/**
 * What a restore has written into a bucket is removed again when it fails: a bucket has no name that is given at the end.
 * The failure is told, whatever the removal meets, and so is every object that could not be removed.
 */
import { leftBehind } from "../../archive/left-behind.ts";
import type { Store } from "../../stores/store.ts";

/** Failures in a row after which a store counts as away: each may have waited for minutes. */
const GIVE_UP_AFTER = 3;
/** Names in a message; more would hide the reason. All of them lie below the prefix that was chosen. */
const NAMED_LEFT = 50;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Removes these objects. Tells which are still there, and why the first of them is. */
async function remove(store: Store, names: string[]): Promise<{ left: string[]; reason: string }> {
  const left: string[] = [];
  let reason = "";
  let inARow = 0;
  for (const name of names) {
    const problem = inARow < GIVE_UP_AFTER ? await store.delete(name).then(() => null, messageOf) : reason;
    inARow = problem === null ? 0 : inARow + 1;
    if (problem === null) continue;
    reason ||= problem;
    left.push(name);
  }
  return { left, reason };
}

/** Removes what was written and returns the failure to throw: `failure` itself when nothing is left. */
export async function takeBack(store: Store, written: string[], failure: unknown): Promise<unknown> {
  const { left, reason } = await remove(store, written);
  if (left.length === 0) return failure;
  const named = left.slice(0, NAMED_LEFT).join(", ");
  const more = left.length > NAMED_LEFT ? ` and ${left.length - NAMED_LEFT} more` : "";
  return leftBehind(failure, `Of what this restore wrote into ${store.label}, this could not be removed again (${reason}): ${named}${more}.`);
}
