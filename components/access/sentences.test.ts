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

test.each<{ of: string; keys: ApiKey[]; tone: string; lead: string }>([
  { of: "none", keys: [], tone: "unknown", lead: "No key works now." },
  { of: "only revoked", keys: [key({ state: "revoked" })], tone: "unknown", lead: "No key works now." },
  { of: "one that is fine", keys: [key({})], tone: "ok", lead: "1 key works." },
  { of: "one that ends soon", keys: [key({}), key({ expiresAt: new Date(NOW + 3 * DAY_MS) })], tone: "warn", lead: "2 keys work." },
  { of: "one without an end", keys: [key({ expiresAt: null })], tone: "ok", lead: "1 key works." },
])("$of", ({ keys, tone, lead }) => expect(keysSentence(keys, NOW)).toMatchObject({ tone, lead }));

test("unknown ages warn of nothing", () => expect(keysSentence([key({ expiresAt: new Date(0) })], 0)?.tone).toBe("ok"));
