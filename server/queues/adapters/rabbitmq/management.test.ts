import { expect, test } from "vitest";
import { createOutbound } from "../../../platform/http/guarded.ts";
import type { Outbound, OutboundRequest } from "../../../platform/http/outbound.ts";
import { testContext } from "../../../platform/testing/context.ts";
import { keptTopology, managementOf } from "./management.ts";

const config = { kind: "rabbitmq", url: "amqp://app:s3cret@rabbit.test/shop", managementUrl: "http://rabbit.test:15672/api/" } as const;
const contextWith = (http: Outbound) => testContext({ db: undefined as never, http });

/** Answers everything alike and keeps what was asked. */
function answering(status: number, body: unknown, isTruncated = false) {
  const asked: OutboundRequest[] = [];
  const request = (wanted: OutboundRequest) => {
    asked.push(wanted);
    return Promise.resolve({ status, isTruncated, body: Buffer.from(JSON.stringify(body)) } as never);
  };
  return { asked, ctx: contextWith({ request, resolve: () => Promise.reject(new Error("not asked")) }) };
}

test.each([
  ["of this machine", "http://127.0.0.1:15672"],
  ["of a private network", "http://10.1.2.3:15672"],
  ["of a cloud's metadata", "http://169.254.169.254"],
  ["in IPv6", "http://[::1]:15672"],
])("an address %s is refused unless it is allowed", async (...[, managementUrl]) => {
  const ctx = contextWith(createOutbound({ allow: [] }));
  await expect(managementOf({ ...config, managementUrl }).queues(ctx)).rejects.toMatchObject({ failure: "blocked" });
});

test.each([
  [401, "unavailable", "refused the name or password"],
  [403, "unavailable", "needs the tag monitoring"],
  [404, "not_found", "no such queue"],
  [503, "unavailable", "answered 503 to /overview"],
])("status %i is said in words", async (...[status, code, words]) => {
  await expect(managementOf(config).get(answering(status, {}).ctx, "/overview")).rejects.toMatchObject({ code, message: expect.stringContaining(words) as string });
});

test("a queue that is gone is null, an answer cut short is no answer", async () => {
  expect(await managementOf(config).queue(answering(404, {}).ctx, "mail")).toBeNull();
  await expect(managementOf(config).queue(answering(500, {}).ctx, "mail")).rejects.toMatchObject({ code: "unavailable" });
  await expect(managementOf(config).queues(answering(200, [], true).ctx)).rejects.toMatchObject({ message: expect.stringContaining("longer than 32 MiB") as string });
});

test("names and the virtual host are escaped, credentials stand in the header only", async () => {
  const { asked, ctx } = answering(200, [{ queue: { name: "a/b c" } }, { queue: { name: "other" } }]);
  const management = managementOf(config);
  await management.queue(ctx, "a/b c");
  expect(await management.consumers(ctx, "a/b c")).toHaveLength(1);
  await management.bindings(ctx);
  expect(asked.map(({ url }) => url)).toEqual(["http://rabbit.test:15672/api/queues/shop/a%2Fb%20c", "http://rabbit.test:15672/api/consumers/shop", "http://rabbit.test:15672/api/bindings/shop"]);
  expect(asked[0]?.headers?.authorization).toBe(`Basic ${Buffer.from("app:s3cret").toString("base64")}`);
});

test.each([
  ["its own", { managementUrl: "http://boss:own@rabbit.test:15672" }, "boss:own"],
  ["the broker's default", { url: "amqp://rabbit.test" }, "guest:guest"],
])("signs in with %s user", async (...[, change, user]) => {
  const { asked, ctx } = answering(200, []);
  await managementOf({ ...config, ...change }).queues(ctx);
  expect(asked[0]?.headers?.authorization).toBe(`Basic ${Buffer.from(user).toString("base64")}`);
  expect(asked[0]?.url).not.toContain("@");
});

test("how queues dead-letter is worked out once, and again for a queue that is new", async () => {
  let reads = 0;
  const topology = keptTopology(() => Promise.resolve(new Map([["mail", "work" as const], ...(++reads > 1 ? [["new", "dead" as const] as const] : [])])));
  const { ctx } = answering(200, []);
  await topology(ctx, ["mail"]);
  await topology(ctx, ["mail"]);
  expect(reads).toBe(1);
  expect((await topology(ctx, ["mail", "new"])).get("new")).toBe("dead");
  expect(reads).toBe(2);
});
