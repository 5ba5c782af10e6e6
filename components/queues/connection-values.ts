/** A connection as its form holds it: every field is text. Pure. */
import type { Connection, ConnectionConfig } from "../../server/queues/schema/index.ts";

export type ConnectionValues = { name: string; kind: ConnectionConfig["kind"]; url: string; schema: string; prefix: string; managementUrl: string };

export const EMPTY_CONNECTION: ConnectionValues = { name: "", kind: "bullmq", url: "", schema: "pgboss", prefix: "bull", managementUrl: "" };

export function connectionValues({ name, config }: Pick<Connection, "name" | "config">): ConnectionValues {
  return config ? { ...EMPTY_CONNECTION, name, ...config } : { ...EMPTY_CONNECTION, name };
}

/** What the server is sent: only the fields of the kind. */
export function toConfig({ kind, url, schema, prefix, managementUrl }: ConnectionValues): ConnectionConfig {
  const address = url.trim();
  if (kind === "pgboss") return { kind, url: address, schema: schema.trim() };
  if (kind === "bullmq") return { kind, url: address, prefix: prefix.trim() };
  return { kind, url: address, managementUrl: managementUrl.trim() };
}

/** The form's field for a path of the input. */
export const connectionField = (path: string): string => path.replace(/^config\./, "");
