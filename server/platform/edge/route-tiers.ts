/**
 * What each path outside the procedures is charged to. Procedures are charged one by one where they run, by who calls;
 * here only the address is known. Pure.
 */
import type { Tier } from "../limiter/tiers.ts";
import { kindOf } from "./limits.ts";

export type RouteTier = Extract<Tier, "page" | "asset" | "probe" | "api">;

/** Paths whose procedures are charged where they run, and the documents among them that are none. */
const PROCEDURES = /^\/api\/(trpc|v1)(\/|$)/;
const DOCUMENT = "/api/v1/openapi.json";
/** Single files of public/. */
const FILE = /^\/[\w-]+\.(svg|png|ico|txt|webmanifest)$/;

/** The tier of a path; null for procedures. Sign-in has the page's tier beside the count of failed attempts. */
export function tierOfPath(path: string): RouteTier | null {
  if (path === DOCUMENT) return "api";
  if (PROCEDURES.test(path)) return null;
  const kind = kindOf(path);
  if (kind === "health") return "probe";
  return kind === "asset" || FILE.test(path) ? "asset" : "page";
}
