/**
 * The API documentation page: Swagger UI from our own dependencies, nothing from elsewhere, no inline script. The page
 * carries the nonce that the edge made for it.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { REST_PREFIX } from "./endpoint.ts";
import { problem, problemResponse } from "./problem.ts";

const START_SCRIPT = `window.addEventListener("DOMContentLoaded", () => {
  window.ui = SwaggerUIBundle({
    url: "${REST_PREFIX}/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: "none",
    tryItOutEnabled: true,
    displayRequestDuration: true,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
`;

/** Files the page may ask for, and their types. */
const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

/** Read from the installed package, beside which the process runs. */
const ASSET_FOLDER = path.resolve("node_modules", "swagger-ui-dist");

/** A day: the files change only with a release. */
const CACHE = "public, max-age=86400";

/** The page; scripts carry `nonce`. */
export function docsPage(nonce: string): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · Seaworthy</title>
<link rel="icon" href="/api-docs/favicon-32x32.png">
<link rel="stylesheet" href="/api-docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui"></main>
<noscript>This page needs scripts. The document itself is at <a href="${REST_PREFIX}/openapi.json">${REST_PREFIX}/openapi.json</a>.</noscript>
<script nonce="${nonce}" src="/api-docs/swagger-ui-bundle.js"></script>
<script nonce="${nonce}" src="/api-docs/start.js"></script>
</body>
</html>
`;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } });
}

/** One of the page's files; a problem document for any other name. */
export async function docsAsset(name: string, requestId: string): Promise<Response> {
  if (name === "start.js") return new Response(START_SCRIPT, { headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": CACHE } });
  const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  if (!type) return problemResponse(problem("not_found", "The documentation has no such file.", { requestId }));
  const bytes = await readFile(path.join(ASSET_FOLDER, name));
  return new Response(new Uint8Array(bytes), { headers: { "content-type": type, "cache-control": CACHE } });
}
