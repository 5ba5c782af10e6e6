import { expect, test } from "vitest";
import { connectionField, connectionValues, EMPTY_CONNECTION, toConfig } from "./connection-values.ts";

test.each([
  ["pgboss", { kind: "pgboss", url: "postgresql://a/b", schema: "pgboss" }],
  ["bullmq", { kind: "bullmq", url: "postgresql://a/b", prefix: "bull" }],
  ["rabbitmq", { kind: "rabbitmq", url: "postgresql://a/b", managementUrl: "http://m" }],
] as const)("%s sends its own fields only", (kind, config) => expect(toConfig({ ...EMPTY_CONNECTION, kind, url: " postgresql://a/b ", managementUrl: "http://m" })).toEqual(config));

test("a connection comes back into its form", () => {
  const values = connectionValues({ name: "Shop", config: { kind: "bullmq", url: "redis://x", prefix: "app" } });
  expect(values).toEqual({ ...EMPTY_CONNECTION, name: "Shop", url: "redis://x", prefix: "app" });
  expect(connectionField("config.url")).toBe("url");
});
