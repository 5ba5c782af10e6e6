/**
 * Secrets inside check configurations: sealed for the database, masked for the screen, carried over when a form sends
 * the mask back. A kept secret never follows a changed target: whoever redirects a check must know its secret.
 */
import { open, seal } from "../platform/crypto.ts";
import { AppError } from "../platform/errors.ts";
import { compilePattern } from "../platform/regex.ts";
import type { CheckConfig } from "./check-config.ts";

/** Stands for a secret that is set; sent back unchanged it means "keep it". Survives in an address unescaped. */
export const SECRET_MASK = "********";

const PURPOSE = "services.check";

/** Rewrites every secret part of a configuration; the rest is copied. */
function mapSecrets(config: CheckConfig, change: (secret: string) => string): CheckConfig {
  switch (config.kind) {
    case "http":
      return { ...config, headers: config.headers.map((header) => (header.isSecret ? { ...header, value: change(header.value) } : header)) };
    case "postgres":
      return { ...config, connectionString: change(config.connectionString) };
    case "redis":
      return { ...config, url: change(config.url) };
    case "tcp":
    case "heartbeat":
    case "self":
      return config;
    default:
      return config satisfies never;
  }
}

/**
 * Encrypts the secret parts for storage as JSON; do not parse the result with CheckConfig before `openConfig`. Throws
 * AppError `invalid` for a pattern that RE2 does not accept, so no check is stored that could never run.
 */
export function sealConfig(config: CheckConfig): CheckConfig {
  if (config.kind === "http" && config.regex !== undefined) compilePattern(config.regex);
  return mapSecrets(config, (secret) => seal(secret, PURPOSE));
}

/** The sealed values inside a stored configuration. */
export function sealedParts(stored: CheckConfig): string[] {
  const parts: string[] = [];
  mapSecrets(stored, (sealed) => {
    parts.push(sealed);
    return sealed;
  });
  return parts;
}

/** Decrypts what `sealConfig` stored. Throws AppError `internal` when a key is missing or a value was changed. */
export function openConfig(stored: CheckConfig): CheckConfig {
  return mapSecrets(stored, (sealed) => open(sealed, PURPOSE));
}

function maskPassword(address: string): string {
  const url = new URL(address);
  if (url.password) url.password = SECRET_MASK;
  return url.href;
}

/** Hides the secret parts of an opened configuration: header values and the passwords inside addresses. */
export function maskConfig(config: CheckConfig): CheckConfig {
  return mapSecrets(config, config.kind === "http" ? () => SECRET_MASK : maskPassword);
}

const isMasked = (config: CheckConfig) =>
  config.kind === "http"
    ? config.headers.some((header) => header.isSecret && header.value === SECRET_MASK)
    : config.kind === "postgres"
      ? new URL(config.connectionString).password === SECRET_MASK
      : config.kind === "redis" && new URL(config.url).password === SECRET_MASK;

const needsAgain = (field: string) =>
  new AppError("invalid", "Enter the secret again: it is not kept when the target changes.", { detail: { fields: { [field]: "Enter the secret again" } } });

/** Takes the stored password when the address still names the same server and user. */
function carryPassword(next: string, previous: string, field: string): string {
  const to = new URL(next);
  if (to.password !== SECRET_MASK) return next;
  const from = new URL(previous);
  if (to.protocol !== from.protocol || to.host !== from.host || to.username !== from.username) throw needsAgain(field);
  to.password = from.password;
  return to.href;
}

/**
 * Replaces masks in `next` by the secrets of `previous` (both opened). Throws AppError `invalid` when a mask has nothing
 * behind it or the target changed.
 */
export function carrySecrets(next: CheckConfig, previous: CheckConfig | null): CheckConfig {
  if (!isMasked(next)) return next;
  if (next.kind === "http" && previous?.kind === "http" && new URL(next.url).origin === new URL(previous.url).origin) {
    const kept = new Map(previous.headers.filter((header) => header.isSecret).map((header) => [header.name.toLowerCase(), header.value]));
    const headers = next.headers.map((header) => {
      if (!header.isSecret || header.value !== SECRET_MASK) return header;
      const value = kept.get(header.name.toLowerCase());
      if (value === undefined) throw needsAgain("config.headers");
      return { ...header, value };
    });
    return { ...next, headers };
  }
  if (next.kind === "postgres" && previous?.kind === "postgres") {
    return { ...next, connectionString: carryPassword(next.connectionString, previous.connectionString, "config.connectionString") };
  }
  if (next.kind === "redis" && previous?.kind === "redis") return { ...next, url: carryPassword(next.url, previous.url, "config.url") };
  throw needsAgain(next.kind === "http" ? "config.headers" : next.kind === "postgres" ? "config.connectionString" : "config.url");
}
