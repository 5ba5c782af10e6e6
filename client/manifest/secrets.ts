/**
 * Secrets in a manifest. A value is written as `${NAME}` and taken from the environment, or as the console's mask, which
 * keeps what the console has. A secret in clear is refused: the file is meant for a repository.
 */
import type { Env } from "./section.ts";

/** What the console shows instead of a secret; sent back unchanged it means "keep it". */
export const SECRET_MASK = "********";

const REFERENCE = /\$\{([A-Z_][A-Z0-9_]*)\}/g;

/** True when the text takes something from the environment. */
export const hasReference = (text: string): boolean => text.search(REFERENCE) >= 0;

/** Fills in what the text takes from the environment; `missing` hears of names that are not set. */
export function fillIn(text: string, env: Env, missing: (name: string) => void): string {
  return text.replaceAll(REFERENCE, (whole, name: string) => {
    const value = env[name];
    if (value === undefined || value === "") missing(name);
    return value || whole;
  });
}

/** A text with every reference put in place of a harmless letter, so that it can be looked at as an address. */
const neutral = (text: string) => text.replaceAll(REFERENCE, "x");

/** Why an address may not stand in the file as it is; null when it may. */
export function addressProblem(written: string): string | null {
  const url = URL.canParse(neutral(written)) ? new URL(neutral(written)) : null;
  if (!url?.password || url.password === SECRET_MASK) return null;
  const [, password = ""] = /:\/\/[^/@]*?:([^@]*)@/.exec(written) ?? [];
  return hasReference(password) ? null : "holds a password in clear. Write it as ${NAME} and set NAME in the environment.";
}

/** The address as the console shows it: password masked. */
export function maskAddress(filled: string): string {
  if (!URL.canParse(filled)) return filled;
  const url = new URL(filled);
  if (url.password) url.password = SECRET_MASK;
  return url.href;
}
