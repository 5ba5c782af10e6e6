/**
 * Gathers the input of a REST call: the query string of a read or an upload, the JSON body of another write, and the
 * path's parameters, which win. Values stay as they came; the procedure's schema decides.
 */
import * as z from "zod";
import { AppError } from "../errors.ts";
import type { RestRoute } from "./route-table.ts";

/** The body is of a kind that REST does not read. */
export class MediaTypeError extends Error {
  constructor() {
    super("Send the body as application/json.");
    this.name = "MediaTypeError";
  }
}

/** Levels of nesting a body may have; deeper ones serve only to exhaust a parser. */
const MAX_DEPTH = 32;

/** True when `value` is nested no deeper than `left` levels. */
function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((inner) => isShallow(inner, left - 1));
}

const isListField = (schema: unknown): boolean => {
  let current = schema as { def?: { innerType?: unknown } } | undefined;
  while (current && !(current instanceof z.ZodArray)) current = current.def?.innerType as typeof current;
  return current !== undefined;
};

function fromQuery(route: RestRoute, query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    input[name] = isListField(route.input.shape[name]) || values.length > 1 ? values : values[0];
  }
  return input;
}

async function fromBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text === "") return {};
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\b/i.test(type)) throw new MediaTypeError();
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new AppError("invalid", "The body must be a JSON object.");
  if (!isShallow(value, MAX_DEPTH)) throw new AppError("invalid", `The body is nested deeper than ${MAX_DEPTH} levels.`);
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", "The body is not valid JSON.", { cause });
  }
}

/** The procedure's raw input. Throws AppError `invalid` or MediaTypeError. */
export async function readInput(request: Request, route: RestRoute, params: Record<string, string>): Promise<Record<string, unknown>> {
  const isInQuery = route.method === "GET" || route.method === "DELETE" || route.meta.rules.upload !== undefined;
  const given = isInQuery ? fromQuery(route, new URL(request.url).searchParams) : await fromBody(request);
  return { ...given, ...params };
}
