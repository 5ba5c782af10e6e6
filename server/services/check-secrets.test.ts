import { describe, expect, test } from "vitest";
import { CheckConfig, secretPaths } from "./check-config.ts";
import { carrySecrets, maskConfig, openConfig, sealConfig, SECRET_MASK } from "./check-secrets.ts";

const http = CheckConfig.parse({
  kind: "http",
  url: "https://api.example/health",
  headers: [{ name: "Authorization", value: "Bearer canary-1", isSecret: true }, { name: "Accept", value: "text/plain" }],
});
const postgres = CheckConfig.parse({ kind: "postgres", connectionString: "postgresql://app:canary-2@db.example:5432/app?sslmode=require" });
const redis = CheckConfig.parse({ kind: "redis", url: "redis://:canary-3@cache.example/1" });
const tcp = CheckConfig.parse({ kind: "tcp", host: "db.example", port: 5432 });

describe("secrets of a check", () => {
  test.each([["http", http], ["postgres", postgres], ["redis", redis], ["tcp", tcp]] as const)("%s: sealed for storage, masked for people, opened unchanged", (_kind, config) => {
    const stored = JSON.parse(JSON.stringify(sealConfig(config))) as CheckConfig;
    expect(JSON.stringify(stored)).not.toContain("canary");
    expect(JSON.stringify(maskConfig(config))).not.toContain("canary");
    expect(openConfig(stored)).toEqual(config);
    expect(CheckConfig.safeParse(maskConfig(config)).success).toBe(true);
  });
  test("masks keep what is not secret", () => {
    expect(maskConfig(postgres)).toEqual({ kind: "postgres", connectionString: `postgresql://app:${SECRET_MASK}@db.example:5432/app?sslmode=require` });
    expect(secretPaths("http")).toEqual(["headers.*.value"]);
  });
  test("a mask that comes back keeps the secret", () => {
    for (const config of [http, postgres, redis, tcp]) expect(carrySecrets(maskConfig(config), config)).toEqual(config);
  });
  test("a kept secret does not follow the check to another server", () => {
    const moved = (config: CheckConfig, to: CheckConfig) => () => carrySecrets(to, config);
    const masked = maskConfig(http) as Extract<CheckConfig, { kind: "http" }>;
    expect(moved(http, { ...masked, url: "https://evil.example/health" })).toThrow("Enter the secret again");
    expect(moved(http, { ...masked, url: "http://api.example/health" })).toThrow("Enter the secret again");
    expect(moved(http, { ...masked, headers: [{ name: "X-Other", value: SECRET_MASK, isSecret: true }] })).toThrow("Enter the secret again");
    expect(moved(postgres, { kind: "postgres", connectionString: `postgresql://app:${SECRET_MASK}@evil.example:5432/app` })).toThrow("Enter the secret again");
    expect(moved(postgres, { kind: "redis", url: `redis://app:${SECRET_MASK}@db.example:5432` })).toThrow("Enter the secret again");
    expect(() => carrySecrets(masked, null)).toThrow("Enter the secret again");
  });
  test("a pattern that cannot run is not stored", () => {
    expect(() => sealConfig({ ...http, regex: "(a" } as CheckConfig)).toThrow("not valid RE2 syntax");
  });
  test("a new secret needs no old one", () => {
    expect(carrySecrets(http, null)).toEqual(http);
  });
});

describe("check configurations refuse", () => {
  const refused = (input: unknown) => CheckConfig.safeParse(input).success === false;
  test.each([
    { kind: "http", url: "ftp://a.example" },
    { kind: "http", url: "https://u:p@a.example" },
    { kind: "http", url: `https://a.example/${"x".repeat(2_048)}` },
    { kind: "http", url: "https://a.example", headers: [{ name: "Host", value: "b" }] },
    { kind: "http", url: "https://a.example", headers: [{ name: "Transfer-Encoding", value: "b" }] },
    { kind: "http", url: "https://a.example", headers: [{ name: "X", value: "a\r\nB: c" }] },
    { kind: "http", url: "https://a.example", headers: [{ name: "X Y", value: "a" }] },
    { kind: "http", url: "https://a.example", headers: [{ name: "X", value: "a" }, { name: "x", value: "b" }] },
    { kind: "http", url: "https://a.example", headers: Array.from({ length: 21 }, (_, n) => ({ name: `X${n}`, value: "a" })) },
    { kind: "http", url: "https://a.example", body: "x" },
    { kind: "http", url: "https://a.example", method: "POST", body: "x".repeat(65_537) },
    { kind: "http", url: "https://a.example", expectedStatus: ["299-200"] },
    { kind: "http", url: "https://a.example", expectedStatus: ["600"] },
    { kind: "http", url: "https://a.example", followRedirects: 6 },
    { kind: "http", url: "https://a.example", regex: "x".repeat(513) },
    ...["$..a..b", "$[?(@.a)]", "$[0,1]", "$.a^", "$[(process.exit())]", "$[0:9]", "a.b", "$.a~"].map((path) => ({ kind: "http", url: "https://a.example", jsonPath: { path } })),
    { kind: "postgres", connectionString: "postgresql:///db?host=/var/run/postgresql" },
    { kind: "postgres", connectionString: "postgresql://%2Fvar%2Frun%2Fpostgresql/db" },
    { kind: "postgres", connectionString: "postgresql://u:p@h/db?options=-c%20x=y" },
    { kind: "postgres", connectionString: "postgresql://u:p@h/db?service=x" },
    { kind: "postgres", connectionString: "postgresql://u:p@h/db?sslmode=prefer" },
    { kind: "redis", url: "redis:///var/run/redis.sock" },
    { kind: "redis", url: "unix:///var/run/redis.sock" },
    { kind: "redis", url: "redis://h/x" },
    { kind: "tcp", host: "/var/run/x.sock", port: 1 },
    { kind: "tcp", host: "h", port: 0 },
    { kind: "icmp" },
  ])("%j", (input) => {
    expect(refused(input)).toBe(true);
  });
});
