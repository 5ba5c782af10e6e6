import { expect, test } from "vitest";
import { tierOfPath } from "./route-tiers.ts";

test.each([
  ["/", "page"], ["/services/pay", "page"], ["/nothing/here", "page"], ["/api-docs", "page"], ["/api/auth/csrf", "page"], ["/api/auth-oidc/start", "page"], ["/api", "page"], ["/api/v10", "page"],
  ["/_next/static/chunks/a.js", "asset"], ["/mark.svg", "asset"], ["/favicon.ico", "asset"], ["/api-docs/swagger-ui.css", "asset"],
  ["/health", "probe"], ["/health/live", "probe"], ["/health/ready", "probe"], ["/metrics", "probe"],
  ["/api/v1/openapi.json", "api"],
  ["/api/v1/services", null], ["/api/v1", null], ["/api/trpc/services.list", null],
] as const)("%s is charged to %s", (path, tier) => expect(tierOfPath(path)).toBe(tier));
