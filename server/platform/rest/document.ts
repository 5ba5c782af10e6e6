/**
 * The OpenAPI 3.1 document of /api/v1, made from the same table as the bridge. Its only server is this instance, so
 * the console's API page tries calls where it was opened.
 */
import type { AnyRouter } from "@trpc/server";
import * as z from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { version } from "../health/live.ts";
import { REST_PREFIX } from "./endpoint.ts";
import { PROBLEM_TYPE } from "./problem.ts";
import { restRoutes, type RestRoute } from "./route-table.ts";

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What happened, what was kept and what to do." }),
    code: z.string().meta({ example: "not_found" }),
    requestId: z.string().meta({ description: "Names the request in the logs." }),
    fields: z.record(z.string(), z.string()).optional().meta({ description: "Problems by input path." }),
    retryAfter: z.int().optional().meta({ description: "Seconds after which a retry may succeed." }),
    error: z.string(),
    message: z.string(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });

const failure = (description: string) => ({ description, content: { [PROBLEM_TYPE]: { schema: Problem } } });

const IdempotencyKey = z.object({ "Idempotency-Key": z.string().max(255).optional().meta({ description: "Sent again within 24 h with the same body, the call is done once and answered alike, with `Idempotency-Replayed: true`." }) });

const FILE_BODY = {
  required: true,
  description: "The file as it is, or gzip of it. Its format is found by its content.",
  content: { "application/octet-stream": { schema: { type: "string" as const, format: "binary" } } },
};
const SAFE_INTEGERS = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

/** Drops the limits that `z.int()` adds by itself; they say nothing and confuse generators. */
function tameLimits(schema: Record<string, unknown>): void {
  for (const name of ["minimum", "maximum"]) if (SAFE_INTEGERS.has(schema[name] as number)) delete schema[name];
}

function pick(schema: z.ZodObject, wanted: (name: string) => boolean): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(schema.shape).filter(([name]) => wanted(name))));
}

function operation(route: RestRoute): ZodOpenApiOperationObject {
  const params = route.segments.filter((segment) => segment.startsWith("{")).map((segment) => segment.slice(1, -1));
  const rest = pick(route.input, (name) => !params.includes(name) && !(route.meta.rules.upload && name === "content"));
  const hasRest = Object.keys(rest.shape).length > 0;
  const { rules, permission } = route.meta;
  const isInQuery = route.method === "GET" || route.method === "DELETE" || rules.upload !== undefined;
  const isPublic = rules.access === "public";
  return {
    operationId: route.procedure.replaceAll(".", "_"),
    summary: rules.summary,
    description: isPublic ? "Needs no sign-in." : `Needs the role ${rules.access}; a key needs a scope that covers ${permission.split(":")[0]}.`,
    tags: [route.procedure.split(".")[0] ?? ""],
    security: isPublic ? [] : [{ apiKey: [] }, { session: [] }],
    requestParams: {
      ...(params.length > 0 ? { path: pick(route.input, (name) => params.includes(name)) } : {}),
      ...(isInQuery && hasRest ? { query: rest } : {}),
      ...(rules.isCreate ? { header: IdempotencyKey } : {}),
    },
    ...(!isInQuery && hasRest ? { requestBody: { required: true, content: { "application/json": { schema: rest } } } } : {}),
    ...(rules.upload ? { requestBody: FILE_BODY } : {}),
    responses: {
      "200": { description: "Done", content: { "application/json": { schema: route.output } } },
      ...(route.method === "GET" ? { "304": { description: "Not changed since the answer whose ETag stands in If-None-Match" } } : {}),
      "400": failure("The input is invalid"),
      ...(isPublic ? {} : { "401": failure("Not signed in"), "403": failure("Not allowed") }),
      ...(params.length > 0 ? { "404": failure("Not found") } : {}),
      ...(route.type === "mutation" ? { "409": failure("Someone else changed it first") } : {}),
      ...(rules.isCreate ? { "422": failure("The Idempotency-Key was used with another body") } : {}),
      ...(rules.upload ? { "413": failure("The file is too large"), "503": failure("Too many files are being read") } : {}),
      "429": failure("Too many requests"),
      "500": failure("Something went wrong"),
    },
  };
}

function pathsOf(routes: readonly RestRoute[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.template] ??= {};
    Object.assign(paths[route.template] ?? {}, { [route.method.toLowerCase()]: operation(route) });
  }
  return paths;
}

const written = new WeakMap<AnyRouter, { origin: string; text: string }>();

/** The document as JSON, written once a process: everybody may ask for it, and to build it takes a tenth of a second. */
export function openApiText(router: AnyRouter, origin: string): string {
  const known = written.get(router);
  if (known?.origin === origin) return known.text;
  const text = JSON.stringify(openApiDocument(router, origin));
  written.set(router, { origin, text });
  return text;
}

/** Builds the document; `origin` is this instance's public address. */
export function openApiDocument(router: AnyRouter, origin: string): object {
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Seaworthy",
        version: version(),
        description: "Everything the console does, for programs. Lists return `items` and `nextCursor`; send it back as `cursor` for the next page, null ends the list.",
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: origin + REST_PREFIX }],
      paths: pathsOf(restRoutes(router).toSorted((a, b) => a.template.localeCompare(b.template))),
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key from the console's Access page." },
          session: { type: "apiKey", in: "cookie", name: "next-auth.session-token", description: "The console's own session; writes must come from the same origin." },
        },
      },
    },
    {
      override: ({ jsonSchema, zodSchema }) => {
        tameLimits(jsonSchema as Record<string, unknown>);
        if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
      },
    },
  );
}
