import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ManifestError, parseText, writeText, type Fields } from "./document.ts";
import { isSame } from "./fields.ts";
import { readManifest } from "./manifest.ts";
import { DEFAULT_GATE } from "../../server/coverage/schema/gate.ts";
import { CreatePlan } from "../../server/backups/schema.ts";
import { PLAN } from "./sections/backups.ts";
import { DEFAULT_RULES } from "../../server/loadtests/schema.ts";
import { GATE } from "./sections/gates.ts";
import { LOAD_RULES } from "./sections/loadtests.ts";
import { describeChange, planSection } from "./plan.ts";
import { addressProblem, fillIn } from "./secrets.ts";

function problemsOf(text: string, env: Record<string, string> = {}): string[] {
  try {
    readManifest(text, env);
    return [];
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return [...error.problems];
  }
}

const service = (lines: string) => `version: 1\nservices:\n  - slug: api\n    name: API\n${lines}`;

describe("a file with problems", () => {
  test.each([
    ["services: []", ["version must be 1; this program reads no other."]],
    ["version: 2", ["version must be 1; this program reads no other."]],
    ["- a", ["The file must be a mapping that begins with `version: 1`."]],
    ["version: 1\nservces: []", ["line 2: servces is not known. Known are version, services, backups, gates, loadtests, readiness, limits."]],
    ["version: 1\nservices: {}", ["line 2: services must be a list"]],
    ["version: 1\nservices:\n  - name: API", ["line 3: services[0] needs slug"]],
    [service("    teir: 1"), ["line 5: services[0].teir is not known; did you mean tier?"]],
    [service("    tier: one"), ["line 5: services[0].tier must be a number"]],
    [service("  - slug: api\n    name: Again"), ["line 5: services[1].slug api stands in the file twice"]],
    [service("    checks:\n      - name: Health\n        kind: smoke"), ["line 7: services[0].checks[0].kind must be one of http, tcp, postgres, redis, heartbeat, self"]],
    [service("    checks:\n      - name: A\n        kind: http\n        uri: x"), ["line 6: services[0].checks[0] needs url", "line 8: services[0].checks[0].uri is not known; did you mean url?"]],
    [service("    checks:\n      - { name: A, kind: self }\n      - { name: A, kind: self }"), ["line 7: services[0].checks[1].name A stands twice in this service"]],
  ])("%s", (text, wanted) => {
    expect(problemsOf(text)).toEqual(wanted);
  });

  test("is told about once for each place, with duplicate keys and broken YAML by line", () => {
    expect(problemsOf("version: 1\nversion: 1")[0]).toMatch(/^line 2: /);
    expect(problemsOf("version: [1")[0]).toMatch(/^line 1: /);
  });

  test("cycles, aliases without end, depth without end and size", () => {
    expect(problemsOf("version: 1\nservices: &a [*a]")).toHaveLength(1);
    const bomb = ["version: 1", "a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefgh".split("").map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`)].join("\n");
    expect(problemsOf(bomb)[0]).toMatch(/alias/i);
    expect(problemsOf(`version: 1\nservices: ${"[".repeat(100)}${"]".repeat(100)}`)).toEqual(["The file nests deeper than 12 levels."]);
    expect(problemsOf(`version: 1\n# ${"x".repeat(9_000_000)}`)).toEqual(["The file is larger than 8 MB."]);
  });

  test("__proto__ is an unknown key like any other", () => {
    expect(problemsOf("version: 1\n__proto__: {}")[0]).toContain("__proto__ is not known");
    expect(Object.hasOwn(Object.prototype, "services")).toBe(false);
  });
});

describe("secrets", () => {
  const header = (value: string) => service(`    checks:\n      - name: A\n        kind: http\n        url: https://x.example\n        headers:\n          - { name: Authorization, value: "${value}", isSecret: true }`);

  test("in clear are refused", () => {
    expect(problemsOf(header("Bearer abc"))).toEqual(["line 10: services[0].checks[0].headers[0].value is secret and stands in clear. Write it as ${NAME} and set NAME in the environment."]);
    expect(addressProblem("postgresql://u:secret@db.example/x")).toContain("password in clear");
  });

  test("come from the environment, or stay what they are", () => {
    expect(problemsOf(header("Bearer ${TOKEN}"))).toEqual(["line 10: services[0].checks[0].headers[0].value takes TOKEN from the environment, where it is not set"]);
    expect(problemsOf(header("Bearer ${TOKEN}"), { TOKEN: "abc" })).toEqual([]);
    expect(problemsOf(header("********"))).toEqual([]);
    expect(addressProblem("postgresql://u:${PASSWORD}@db.example/x")).toBeNull();
    expect(addressProblem("${DATABASE}")).toBeNull();
    expect(addressProblem("redis://cache.example/0")).toBeNull();
    expect(fillIn("a ${X} ${Y}", { X: "1" }, () => undefined)).toBe("a 1 ${Y}");
  });

  test("are compared as the console shows them", () => {
    const text = service("    checks:\n      - { name: DB, kind: postgres, connectionString: \"postgresql://u:${P}@db.example/x\" }");
    const [, checks] = readManifest(text, { P: "s3cret" });
    expect(JSON.stringify(checks?.items)).not.toContain("s3cret");
    expect(checks?.items[0]?.fields).toMatchObject({ connectionString: "postgresql://u:********@db.example/x" });
  });
});

describe("the plan", () => {
  const item = (key: string, tier: number) => ({ key, fields: { slug: key, tier } });
  const have = (key: string, tier: number) => ({ ...item(key, tier), handle: key });

  test("names what to add, what to change and what the file does not list", () => {
    const plan = planSection([item("b", 1), item("c", 2), item("a", 1)], [have("b", 2), have("c", 2), have("z", 3)]);
    expect(plan.map(({ action, key }) => `${action} ${key}`)).toEqual(["create a", "update b", "remove z"]);
    expect(plan.flatMap((change) => describeChange("service", change))).toEqual(["+ service a", "~ service b", "    tier: 2 → 1", "- service z"]);
  });

  test("of a state against itself is empty", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), { selector: ([key]) => key }), (rows) => {
      expect(planSection(rows.map(([key, tier]) => item(key, tier)), rows.map(([key, tier]) => have(key, tier)))).toEqual([]);
    }));
  });
});

test("any data comes back from its text as it was, and twice the same bytes", () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const data = fc.dictionary(fc.string().filter((key) => key !== "__proto__"), fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string().filter((key) => key !== "__proto__"), leaf)));
  fc.assert(
    fc.property(data, (fields) => {
      const file = { ...fields, version: 1 } as Fields;
      const text = writeText(file);
      expect(isSame(parseText(text).data, file)).toBe(true);
      expect(writeText(parseText(text).data)).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test("what the console fills in by itself stays as it is where the file does not name it", () => {
  const wanted = { key: "a", fields: { period: 60, pingId: null } };
  const have = { key: "a", fields: { period: 60, pingId: "x" }, handle: 1 };
  expect(planSection([wanted], [have], ["pingId"])).toEqual([]);
  expect(planSection([{ key: "a", fields: { period: 60, pingId: "y" } }], [have], ["pingId"])).toMatchObject([{ action: "update" }]);
});

test("what a file leaves out of a gate is what the console has by default", () => {
  expect(Object.fromEntries(Object.entries(GATE).map(([part, { absent }]) => [part, absent]))).toEqual(DEFAULT_GATE);
  expect(Object.fromEntries(Object.entries(LOAD_RULES).map(([name, { absent }]) => [name, absent]))).toEqual(DEFAULT_RULES);
});

test("what a file leaves out of a backup plan is what the console has by default, and its secrets are never in clear", () => {
  const { drill, ...defaults } = CreatePlan.parse({ name: "a", source: { kind: "self" }, cron: "0 2 * * *", stores: [{ storeId: "sto_1" }] });
  const absent = Object.fromEntries(Object.entries(PLAN).flatMap(([part, rule]) => (rule.absent === undefined ? [] : [[part, rule.absent]])));
  expect(absent).toMatchObject({ drillCron: drill.cron, drillEveryNth: drill.everyNth, assertions: drill.assertions });
  expect(absent).toMatchObject(Object.fromEntries(Object.entries(defaults).filter(([part]) => Object.hasOwn(absent, part) && part !== "source")));
  const plan = (lines: string) => `version: 1\nbackups:\n  - slug: db\n    name: DB\n    cron: 0 2 * * *\n    stores: [{ store: Here, withinDays: 30 }]\n${lines}`;
  expect(problemsOf(plan("    source: { kind: postgres, url: 'postgresql://u:secret@h/x' }"))[0]).toContain("password in clear");
  expect(problemsOf(plan("    drillServerUrl: postgresql://u:secret@h/x"))[0]).toContain("password in clear");
  expect(problemsOf(plan("    hooks: [{ when: after, url: 'https://h.example/token' }]"))[0]).toContain("stands in clear");
  expect(problemsOf(plan("    source: { kind: tape }"))).toEqual(["line 7: backups[0].source.kind must be one of self, postgres, folder, bucket"]);
  const [backups] = readManifest(plan("    source: { kind: postgres, url: 'postgresql://u:${P}@h/x' }\n    hooks: [{ when: after, url: 'https://h.example/${P}' }]"), { P: "s3cret" });
  expect(JSON.stringify(backups?.items)).not.toContain("s3cret");
});

test("off is not the same as absent", () => {
  const [gates] = readManifest("version: 1\ngates:\n  - { service: a, maxDrop: null, patch: null }\n  - { service: b }\n", {});
  expect(gates?.items.map(({ fields }) => [fields["maxDrop"], fields["patch"] === null])).toEqual([[null, true], [1, false]]);
});
