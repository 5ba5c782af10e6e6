/** What a failure means for the person who reads it, and a word by which alerts can tell it from others. */
import { AppError } from "../../platform/errors.ts";
import { isLeftBehind } from "../archive/left-behind.ts";
import { Cancelled } from "./lease.ts";

export type Problem = { state: "failed" | "cancelled"; message: string; code: string };

const NO_SPACE = new Set(["ENOSPC", "EDQUOT", "53100"]);

function codeIn(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === "string" && NO_SPACE.has(code)) return "disk-full";
  }
  return "";
}

/** Names a failure. A full disk is said as such, whatever deep inside noticed it. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Cancelled) return { state: "cancelled", message: "Cancelled; what had been written was removed.", code: "cancelled" };
  if (isLeftBehind(error) && error.cause instanceof Cancelled) return { state: "cancelled", message: error.message, code: "cancelled" };
  const code = codeIn(error);
  // Mistakes of ours say nothing to the person who reads this; what the system or a server said does.
  const isOurs = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  const words = error instanceof Error && !isOurs && error.message !== "" ? error.message : "Something went wrong inside the console. The reason is in the log of the worker.";
  if (code === "disk-full" && !/full|space/i.test(words)) return { state: "failed", message: `The disk is full. ${words}`, code };
  return { state: "failed", message: words, code: code || (error instanceof AppError ? error.code : "internal") };
}
