/** What a failed request says to a person: the server's own words, its request id and its code. */
export interface DescribedError {
  message: string;
  requestId?: string;
  /** not_found, invalid, forbidden, … when the server sent one. */
  code?: string;
  /** Problems by field path ("config.url"), from the server's validation. */
  fields: Record<string, string>;
}

const OFFLINE = "The server did not answer. What you see is the last that was received.";
const UNKNOWN = "Something went wrong.";

/** Reads an error of the API client, whatever its shape; unknown errors get plain words. */
export function describeError(error: unknown): DescribedError {
  const data = record(record(error)?.data);
  const message = text(record(error)?.message);
  if (!data) return { message: message && !isNetwork(message) ? message : message ? OFFLINE : UNKNOWN, fields: {} };
  return { message: message ?? UNKNOWN, requestId: text(data.requestId), code: text(data.error) ?? text(data.code), fields: fieldsOf(data.fields) };
}

function fieldsOf(fields: unknown): Record<string, string> {
  const entries = Object.entries(record(fields) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function isNetwork(message: string): boolean {
  return /fetch|network|load failed|stream closed/iu.test(message);
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
