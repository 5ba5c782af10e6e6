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

/** Reads an error of the API client, whatever its shape; unknown errors get plain words. */
export function describeError(error: unknown): DescribedError {
  const data = record(record(error)?.data ?? record(record(error)?.shape)?.data);
  const message = record(error)?.message;
  if (!data) return { message: isNetwork(message) ? OFFLINE : text(message) ?? "Something went wrong.", fields: {} };
  return {
    message: text(message) ?? "Something went wrong.",
    requestId: text(data.requestId),
    code: text(data.error) ?? text(data.code),
    fields: fieldsOf(data),
  };
}

function fieldsOf(data: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(record(data.fields) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function isNetwork(message: unknown): boolean {
  return typeof message === "string" && /fetch|network|load failed/i.test(message);
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
