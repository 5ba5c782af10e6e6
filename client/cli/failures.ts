/** Turns what a call threw into a sentence and an exit code. */
import { SeaworthyError } from "../index.ts";
import { CliError, EXIT } from "./command.ts";

type Data = { error?: string | null; httpStatus?: number; requestId?: string | null };

const REFUSED = new Set([401, 403]);
const AWAY = new Set([429, 502, 503, 504]);

/** The deepest cause that says something; fetch hides it two levels down. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  if (cause instanceof Error) return reasonOf(cause);
  return error instanceof Error ? error.message : String(error);
}

/** A CliError for anything thrown; unknown errors pass through as they are, for they are defects. */
export function explain(error: unknown, url: string): unknown {
  if (error instanceof CliError) return error;
  if (error instanceof SeaworthyError) {
    const data = error.data as Data | undefined;
    if (data?.httpStatus === undefined) return new CliError(`The console at ${url} does not answer: ${reasonOf(error)}`, EXIT.unreachable);
    const tail = data.requestId && data.httpStatus >= 500 ? ` (request ${data.requestId})` : "";
    return new CliError(`${error.message}${tail}`, REFUSED.has(data.httpStatus) || AWAY.has(data.httpStatus) ? EXIT.unreachable : EXIT.failed);
  }
  if (error instanceof DOMException && error.name === "TimeoutError") return new CliError(`The console at ${url} did not answer in time.`, EXIT.unreachable);
  if (error instanceof TypeError && error.message === "fetch failed") return new CliError(`The console at ${url} does not answer: ${reasonOf(error)}`, EXIT.unreachable);
  return error;
}
