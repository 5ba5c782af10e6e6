/**
 * The REST routes of a router: one table, made from what the procedures declare, that both the bridge and the API
 * document read, so they cannot disagree. Paths are relative to /api/v1 and hold names in braces (`/services/{id}`).
 */
import type { AnyRouter } from "@trpc/server";
import * as z from "zod";
import type { ProcedureMeta } from "../trpc.ts";

export type RestRoute = {
  method: string;
  /** `/services/{id}`. */
  template: string;
  segments: string[];
  /** `services.get`. */
  procedure: string;
  type: "query" | "mutation";
  input: z.ZodObject;
  output: z.ZodType;
  meta: ProcedureMeta;
};

type ProcedureDefinition = { type: string; meta?: ProcedureMeta; inputs: z.ZodType[]; output?: z.ZodType };

const isParameter = (segment: string): boolean => segment.startsWith("{");

/** The object inside optional, default, piped and read-only schemas; an empty one when the input is no object. */
function objectOf(schema: z.ZodType | undefined): z.ZodObject {
  let current: unknown = schema;
  while (current) {
    if (current instanceof z.ZodObject) return current;
    const { def } = current as { def?: { innerType?: unknown; in?: unknown } };
    current = def?.innerType ?? def?.in;
  }
  return z.object({});
}

/** Every route of `router`, literal segments before parameters. Subscriptions have none. */
export function restRoutes(router: AnyRouter): RestRoute[] {
  const procedures = router._def.procedures as unknown as Record<string, { _def: ProcedureDefinition }>;
  const routes = Object.entries(procedures).flatMap(([procedure, { _def }]): RestRoute[] => {
    const openapi = _def.meta?.openapi;
    if (!_def.meta || !openapi || _def.type === "subscription") return [];
    const type = _def.type === "mutation" ? "mutation" : "query";
    const segments = openapi.path.split("/").filter(Boolean);
    return [{ method: openapi.method, template: openapi.path, segments, procedure, type, input: objectOf(_def.inputs.at(-1)), output: _def.output ?? z.unknown(), meta: _def.meta }];
  });
  return routes.toSorted((a, b) => specificity(b).localeCompare(specificity(a)));
}

/** Sorts literal segments (1) above parameters (0), place by place. */
const specificity = (route: RestRoute): string => route.segments.map((segment) => (isParameter(segment) ? "0" : "1")).join("");

function match(route: RestRoute, parts: readonly string[]): Record<string, string> | null {
  if (route.segments.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const part = parts[index] ?? "";
    if (isParameter(segment)) params[segment.slice(1, -1)] = part;
    else if (segment !== part) return null;
  }
  return params;
}

export type Found = { kind: "route"; route: RestRoute; params: Record<string, string> } | { kind: "method"; allow: string[] } | { kind: "none" };

function decodeParts(path: string): string[] | null {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    // A lone % is no path of ours.
    return null;
  }
}

/** Finds the route of a method and path; tells apart an unknown path and a method that the path does not have. */
export function findRoute(routes: readonly RestRoute[], method: string, path: string): Found {
  const parts = decodeParts(path);
  if (!parts) return { kind: "none" };
  const wanted = method === "HEAD" ? "GET" : method;
  const hits = routes.flatMap((route) => {
    const params = match(route, parts);
    return params ? [{ route, params }] : [];
  });
  const hit = hits.find(({ route }) => route.method === wanted);
  if (hit) return { kind: "route", ...hit };
  return hits.length > 0 ? { kind: "method", allow: [...new Set(hits.map(({ route }) => route.method))] } : { kind: "none" };
}
