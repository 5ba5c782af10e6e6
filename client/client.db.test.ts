import { beforeAll, expect, expectTypeOf, test } from "vitest";
import { makeApiKey } from "../server/platform/auth/api-key.ts";
import { trpcEndpoint } from "../server/platform/edge/trpc-endpoint.ts";
import { testDatabase } from "../server/platform/testing/database.ts";
import { testServer } from "../server/platform/testing/http.ts";
import { appRouter } from "../server/root.ts";
import { createSeaworthyClient } from "./index.ts";

const database = testDatabase();
const server = testServer(database, { "/api/trpc": trpcEndpoint(appRouter) });
const key = makeApiKey();

beforeAll(async () => {
  const now = new Date();
  await database.db.user.create({ data: { id: "usr_1", email: "a@example.com", name: "Ada", role: "admin", createdAt: now, updatedAt: now } });
  await database.db.apiKey.create({ data: { id: "key_1", name: "ci", prefix: key.prefix, hash: key.hash, ownerId: "usr_1", scopes: ["*"], createdAt: now } });
});

test("calls a running console with everything inferred", async () => {
  const seaworthy = createSeaworthyClient({ url: `${server.origin}/`, apiKey: key.plain });
  const users = await seaworthy.access.users.query({});
  expectTypeOf(users.items[0]?.email).toEqualTypeOf<string | undefined>();
  expect(users.items.map((user) => user.email)).toEqual(["a@example.com"]);
  expect(users.items[0]?.createdAt).toBeInstanceOf(Date);
});

test("sends calls of one tick together, ten at most to a request", async () => {
  let requests = 0;
  const counting: typeof fetch = (...args) => {
    requests += 1;
    return fetch(...args);
  };
  const seaworthy = createSeaworthyClient({ url: server.origin, apiKey: key.plain, fetch: counting });
  const pages = await Promise.all(Array.from({ length: 25 }, () => seaworthy.access.users.query({})));
  expect(pages).toHaveLength(25);
  expect(requests).toBe(3);
});

test("says why a call was refused", async () => {
  const stranger = createSeaworthyClient({ url: server.origin });
  await expect(stranger.access.users.query({})).rejects.toMatchObject({ message: "Sign in, or send an API key.", data: { error: "unauthorized", httpStatus: 401 } });
});
