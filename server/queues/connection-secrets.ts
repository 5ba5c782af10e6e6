/**
 * Passwords inside the addresses of connections: sealed for the database, masked for the screen, carried over when a form
 * sends the mask back. A kept password never follows a changed server or user.
 */
import { open, seal } from "../platform/crypto.ts";
import { AppError } from "../platform/errors.ts";
import type { ConnectionConfig } from "./schema/index.ts";

/** Stands for a password that is set; sent back unchanged it means "keep it". Survives in an address unescaped. */
export const PASSWORD_MASK = "********";

const PURPOSE = "queues.connection";

/** Rewrites every address of a configuration; the rest is copied. */
function mapAddresses(config: ConnectionConfig, change: (address: string, field: "url" | "managementUrl") => string): ConnectionConfig {
  switch (config.kind) {
    case "pgboss":
    case "bullmq":
      return { ...config, url: change(config.url, "url") };
    case "rabbitmq":
      return { ...config, url: change(config.url, "url"), managementUrl: change(config.managementUrl, "managementUrl") };
    default:
      return config satisfies never;
  }
}

/** Encrypts for storage as JSON; do not parse the result before `openConfig`. */
export const sealConfig = (config: ConnectionConfig): ConnectionConfig => mapAddresses(config, (address) => seal(address, PURPOSE));

/** Decrypts what `sealConfig` stored. Throws AppError `internal` when a key is missing or a value was changed. */
export const openConfig = (stored: unknown): ConnectionConfig => mapAddresses(stored as ConnectionConfig, (sealed) => open(sealed, PURPOSE));

/** The sealed values inside a stored configuration. */
export function sealedParts(stored: unknown): string[] {
  const parts: string[] = [];
  mapAddresses(stored as ConnectionConfig, (sealed) => {
    parts.push(sealed);
    return sealed;
  });
  return parts;
}

function maskAddress(address: string): string {
  const url = new URL(address);
  if (url.password) url.password = PASSWORD_MASK;
  return url.href;
}

/** Hides the passwords of an opened configuration. */
export const maskConfig = (config: ConnectionConfig): ConnectionConfig => mapAddresses(config, maskAddress);

/** One line that says where a connection leads, without secrets. */
export function describeTarget(config: ConnectionConfig): string {
  const url = new URL(config.url);
  switch (config.kind) {
    case "pgboss":
      return `${url.host}${url.pathname}, schema ${config.schema}`;
    case "bullmq":
      return `${url.host}${url.pathname === "/" ? "" : url.pathname}, prefix ${config.prefix}`;
    case "rabbitmq":
      return `${url.host}, virtual host ${virtualHostOf(config.url)}`;
    default:
      return config satisfies never;
  }
}

/** The virtual host an AMQP address names: `/` when it names none (RabbitMQ URI specification). */
export function virtualHostOf(address: string): string {
  const { pathname } = new URL(address);
  return pathname === "" || pathname === "/" ? "/" : decodeURIComponent(pathname.slice(1));
}

function carryPassword(next: string, previous: string | undefined, field: string): string {
  const to = new URL(next);
  if (to.password !== PASSWORD_MASK) return next;
  const from = previous === undefined ? null : new URL(previous);
  if (from?.protocol !== to.protocol || from.host !== to.host || from.username !== to.username) {
    throw new AppError("invalid", "Enter the password again: it is not kept when the server or the user changes.", { detail: { fields: { [`config.${field}`]: "Enter the password again" } } });
  }
  to.password = from.password;
  return to.href;
}

/** Replaces masks in `next` by the passwords of `previous` (both opened). Throws AppError `invalid`. */
export function carryPasswords(next: ConnectionConfig, previous: ConnectionConfig | null): ConnectionConfig {
  return mapAddresses(next, (address, field) => {
    const known = previous?.kind === next.kind && field in previous ? (previous as { url: string; managementUrl?: string })[field] : undefined;
    return carryPassword(address, known, field);
  });
}
