/**
 * Prepares Next behind the custom server and names the routes of a build for figures. Next is imported only here and
 * only when asked, so the socket answers liveness before the framework has loaded.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { environment } from "../config.ts";
import type { Handler } from "./server.ts";

export type FrameworkOptions = { isDev: boolean; hostname: string; port: number; server: Server };

/** Loads and prepares Next. Resolves with its request handler and a function that closes it. */
export async function prepareFramework(options: FrameworkOptions): Promise<{ handler: Handler; close: () => Promise<void> }> {
  // React and Next choose their build by this name when they are first loaded.
  (environment() as Record<string, string | undefined>).NODE_ENV ??= options.isDev ? "development" : "production";
  const { default: next } = await import("next");
  const app = next({ dev: options.isDev, hostname: options.hostname, port: options.port, httpServer: options.server, dir: process.cwd() });
  await app.prepare();
  const serve = app.getRequestHandler();
  return { handler: (req, res) => serve(req, res), close: () => app.close() };
}

/** The folder of the build, as next.config.mjs names it. */
export async function buildFolder(): Promise<string> {
  const file = pathToFileURL(path.resolve("next.config.mjs")).href;
  const { default: conf } = (await import(file)) as { default: { distDir: string } };
  return conf.distDir;
}

type RoutesManifest = { staticRoutes: { page: string; regex: string }[]; dynamicRoutes: { page: string; regex: string }[] };

/** A function from a path to its route template (`/services/[id]`), read from the build; "unmatched" when none fits. */
export function routeNames(distDir: string): (path: string) => string {
  const file = path.resolve(distDir, "routes-manifest.json");
  if (!existsSync(file)) return () => "page";
  const manifest = JSON.parse(readFileSync(file, "utf8")) as RoutesManifest;
  const routes = [...manifest.staticRoutes, ...manifest.dynamicRoutes].map((route) => ({ page: route.page, regex: new RegExp(route.regex) }));
  return (target) => {
    if (target.startsWith("/_next/")) return "/_next";
    return routes.find((route) => route.regex.test(target))?.page ?? "unmatched";
  };
}
