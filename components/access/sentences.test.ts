import { expect, test } from "vitest";
import type { ApiKey } from "../../server/access/schema.ts";
import { keysSentence } from "./sentences.ts";

const NOW = Date.UTC(2026, 10, 17);
const DAY_MS = 86_400_000;
const key = (facts: Partial<ApiKey>): ApiKey => ({
  id: "key_1",
  name: "ci",
  prefix: "sw_1",
  ownerId: "usr_1",
  ownerName: "Maya",
  ownerRole: "admin",
  scopes: ["*"],
  state: "active",
  expiresAt: new Date(NOW + 60 * DAY_MS),
  lastUsedAt: null,
  revokedAt: null,
  createdAt: new Date(NOW),
  ...facts,
});

test.each<[string, ApiKey[], string, string]>([
  ["none", [], "unknown", "No key works now."],
  ["only revoked", [key({ state: "revoked" })], "unknown", "No key works now."],
  ["one that is fine", [key({})], "ok", "1 key works."],
  ["one that ends soon", [key({}), key({ expiresAt: new Date(NOW + 3 * DAY_MS) })], "warn", "2 keys work."],
  ["one without an end", [key({ expiresAt: null })], "ok", "1 key works."],
])("%s", (_name, keys, tone, lead) => expect(keysSentence(keys, NOW)).toMatchObject({ tone, lead }));

test("unknown ages warn of nothing", () => expect(keysSentence([key({ expiresAt: new Date(0) })], 0)?.tone).toBe("ok"));
