import { describe, expect, it } from "vitest";
import { AddCheck, type CheckDetail } from "../../server/services/schema.ts";
import { checkField, checkValues, emptyCheck, toCheckConfig, toCheckRules, type CheckValues } from "./check-values.ts";

const typed = (part: Partial<CheckValues>): CheckValues => ({ ...emptyCheck(), ...part });
const read = (values: CheckValues) => AddCheck.safeParse({ id: "svc_1", ...toCheckRules(values), config: toCheckConfig(values) });

describe("check form values", () => {
  it.each([
    ["http", typed({ url: "shop.example/health", jsonPath: "$.status", jsonEquals: "UP", certificateMinDays: 14, headers: [{ name: "authorization", value: "x", isSecret: true }] })],
    ["tcp", typed({ kind: "tcp", host: "db.example", port: "5432" })],
    ["postgres", typed({ kind: "postgres", connectionString: "postgresql://u:p@db.example/shop", query: "select 1" })],
    ["redis", typed({ kind: "redis", redisUrl: "redis://cache.example:6379/0" })],
  ])("what is typed for %s is what the server takes", (kind, values) => {
    const parsed = read(values);
    expect(parsed.error?.issues).toBeUndefined();
    expect(parsed.data?.config.kind).toBe(kind);
    const back = checkValues({ ...parsed.data, name: "n", target: "t", config: parsed.data?.config } as CheckDetail);
    expect(toCheckConfig(back)).toEqual(toCheckConfig(values));
  });

  it("points at the field of every refusal", () => {
    const values = typed({ url: "", expectedStatus: "9", jsonPath: "nope", maxLatencyMs: 0 });
    const fields = read(values).error?.issues.map((issue) => checkField(issue.path.join("."), values));
    expect(fields).toEqual(expect.arrayContaining(["url", "expectedStatus", "jsonPath", "maxLatencyMs"]));
    expect(fields?.every((field) => field in values)).toBe(true);
    expect(checkField("config.url", typed({ kind: "redis" }))).toBe("redisUrl");
  });

  it("does not send a body with a method that carries none", () => {
    expect(toCheckConfig(typed({ url: "https://a.example", body: "x" }))).not.toHaveProperty("body");
    expect(toCheckConfig(typed({ url: "https://a.example", method: "POST", body: "x" }))).toHaveProperty("body", "x");
  });
});
