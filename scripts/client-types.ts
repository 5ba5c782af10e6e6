/**
 * The types of the published client, written out: every procedure with its input and output, made from the same schemas
 * that the server parses with. The package then needs neither the server's sources nor any library to be read by a compiler.
 */
import * as z from "zod";
import type { AnyRouter } from "@trpc/server";
import { restRoutes } from "../server/platform/rest/route-table.ts";

type Json = { [key: string]: unknown };
type Io = "input" | "output";

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const nameOf = (key: string) => (IDENTIFIER.test(key) ? key : JSON.stringify(key));

/** JSON Schema with dates marked, for they travel as dates (superjson). */
function schemaOf(type: z.ZodType, io: Io): Json {
  return z.toJSONSchema(type, {
    io,
    unrepresentable: "any",
    reused: "inline",
    override: ({ zodSchema, jsonSchema }) => {
      const def = zodSchema._zod.def as { type: string; coerce?: boolean };
      if (def.type !== "date") return;
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key];
      Object.assign(jsonSchema, { tsType: io === "input" && def.coerce ? "Date | string | number" : "Date" });
    },
  }) as Json;
}

const union = (types: string[]) => {
  const distinct = [...new Set(types)];
  return distinct.length === 1 ? (distinct[0] ?? "never") : distinct.map((type) => (type.includes(" & ") ? `(${type})` : type)).join(" | ");
};

function objectType(schema: Json, indent: string): string {
  const properties = (schema["properties"] ?? {}) as Record<string, Json>;
  const required = new Set((schema["required"] ?? []) as string[]);
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([key, value]) => {
    const about = typeof value["description"] === "string" ? [`${inner}/** ${value["description"].replaceAll("*/", "* /")} */`] : [];
    return [...about, `${inner}${nameOf(key)}${required.has(key) ? "" : "?"}: ${typeText(value, inner)};`];
  });
  const rest = schema["additionalProperties"];
  const record = typeof rest === "object" && rest !== null ? `Record<string, ${typeText(rest as Json, indent)}>` : null;
  if (lines.length === 0) return record ?? "{}";
  const own = `{\n${lines.join("\n")}\n${indent}}`;
  return record ? `${own} & ${record}` : own;
}

function arrayType(schema: Json, indent: string): string {
  const prefix = schema["prefixItems"];
  if (Array.isArray(prefix)) return `[${prefix.map((item) => typeText(item as Json, indent)).join(", ")}]`;
  return `Array<${typeText((schema["items"] ?? {}) as Json, indent)}>`;
}

const PLAIN: Record<string, string> = { string: "string", number: "number", integer: "number", boolean: "boolean", null: "null" };

function typeText(schema: Json, indent: string): string {
  if (typeof schema["tsType"] === "string") return schema["tsType"];
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return union(schema["enum"].map((value) => JSON.stringify(value)));
  for (const key of ["anyOf", "oneOf"]) if (Array.isArray(schema[key])) return union((schema[key] as Json[]).map((part) => typeText(part, indent)));
  if (Array.isArray(schema["allOf"])) return (schema["allOf"] as Json[]).map((part) => typeText(part, indent)).join(" & ");
  const type = schema["type"];
  if (type === "object") return objectType(schema, indent);
  if (type === "array") return arrayType(schema, indent);
  if (typeof type === "string") return PLAIN[type] ?? "unknown";
  return "unknown";
}

type Procedure = { _def: { type: "query" | "mutation" | "subscription"; inputs: z.ZodType[]; output?: z.ZodType } };
const METHOD = { query: "query", mutation: "mutate" } as const;

function procedureLines(name: string, { _def }: Procedure, about: string): string[] {
  if (_def.type === "subscription" || !_def.output) return [];
  const input = typeText(schemaOf(_def.inputs[0] ?? z.object({}), "input"), "    ");
  const output = typeText(schemaOf(_def.output, "output"), "    ");
  return [`    /** ${about} */`, `    ${name}: { ${METHOD[_def.type]}(input: ${input}, options?: CallOptions): Promise<${output}> };`];
}

/** The text of the package's index.d.ts. */
export function clientTypes(router: AnyRouter): string {
  const procedures = router._def.procedures as Record<string, Procedure>;
  const summaries = new Map(restRoutes(router).map((route) => [route.procedure, route.meta.rules.summary]));
  const modules = new Map<string, string[]>();
  for (const [path, procedure] of Object.entries(procedures)) {
    const [module = "", name = ""] = path.split(".");
    modules.set(module, [...(modules.get(module) ?? []), ...procedureLines(name, procedure, summaries.get(path) ?? path)]);
  }
  const parts = [...modules].filter(([, lines]) => lines.length > 0).map(([module, lines]) => `  ${module}: {\n${lines.join("\n")}\n  };`);
  return `${HEAD}\n/** Every procedure of the console, by module. */\nexport interface SeaworthyClient {\n${parts.join("\n")}\n}\n${TAIL}`;
}

const HEAD = `/** Types of the Seaworthy client. Written by a program from the server's own schemas. */

/** What one call may bring along. */
export interface CallOptions {
  signal?: AbortSignal;
  /** \`idempotencyKey\`: your own key for a create, so that it happens once even over several runs of your program. */
  context?: { idempotencyKey?: string };
}
`;

const TAIL = `
export interface RetryOptions {
  /** Tries in all, the first one included; 3 unless given. */
  attempts?: number;
  /** Upper bound of the first wait in ms; it doubles with each try. */
  firstDelayMs?: number;
  /** No single wait is longer, whatever the console asks for. */
  maxDelayMs?: number;
}

export interface SeaworthyClientOptions {
  /** Address of the console, e.g. \`https://console.example\`. */
  url: string;
  /** A key from the console's Access page; without one only public procedures answer. */
  apiKey?: string;
  /** Another fetch, e.g. one with a proxy or a timeout. */
  fetch?: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
  retry?: RetryOptions;
}

/** Makes a client. Reads made in the same tick travel together, at most ten to a request; a change travels alone. */
export function createSeaworthyClient(options: SeaworthyClientOptions): SeaworthyClient;

/** What a refused or failed call throws. */
export class SeaworthyError extends Error {
  /** Absent when the console did not answer. */
  readonly data?: { error: string | null; httpStatus: number; path?: string; fields: Record<string, string> | null; retryAfterSeconds: number | null; requestId: string | null };
}
`;
