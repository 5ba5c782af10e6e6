import { describe, expect, test } from "vitest";
import { writeText } from "../manifest/document.ts";
import { readManifest } from "../manifest/manifest.ts";
import { goDurationMs, importGatus, translate } from "./gatus.ts";
import { importHealthchecks } from "./healthchecks.ts";
import { ImportError, type Imported } from "./imported.ts";
import { slugFrom } from "./slug.ts";
import { importUptimeKuma } from "./uptime-kuma.ts";

/** What every importer promises: its services are a manifest without problems. */
const isReadable = ({ services, secrets }: Imported) => readManifest(writeText({ version: 1, services }), secrets);

function firstCheck({ services }: Imported): unknown {
  const checks = services[0]?.["checks"];
  return Array.isArray(checks) ? checks[0] : undefined;
}

const kuma = (...monitors: object[]) => JSON.stringify({ version: "1.23.0", notificationList: [], monitorList: monitors });
const web = { id: 1, name: "Shop", type: "http", url: "https://shop.example/", interval: 60, maxretries: 2, timeout: 48, active: true, accepted_statuscodes: ["200-299"], tags: [{ name: "Front End" }] };

describe("Uptime Kuma", () => {
  test("monitors become services with one check; groups become domains", () => {
    const read = importUptimeKuma(kuma({ id: 9, name: "Sales", type: "group" }, { ...web, parent: 9 }));
    expect(read.services).toEqual([
      { slug: "shop", name: "Shop", domain: "Sales", tags: ["front-end"], checks: [{ name: "Health", kind: "http", url: "https://shop.example/", intervalSeconds: 60, timeoutMs: 48_000, failuresBeforeDown: 3 }] },
    ]);
    isReadable(read);
  });

  test.each([
    [{ type: "keyword", keyword: "welcome" }, { bodyContains: "welcome" }],
    [{ type: "json-query", jsonPath: "status", expectedValue: "ok" }, { jsonPath: { path: "$.status", equals: "ok" } }],
    [{ method: "POST", body: "{}", accepted_statuscodes: ["201", "204"] }, { method: "POST", body: "{}", expectedStatus: ["201", "204"] }],
    [{ ignoreTls: true, expiryNotification: true, maxredirects: 0 }, { ignoreCertificateErrors: true, certificateMinDays: 14, followRedirects: 0 }],
    [{ active: false }, { isPaused: true }],
    [{ active: 0 }, { isPaused: true }],
    [{ interval: 1, timeout: 900 }, { intervalSeconds: 5, timeoutMs: 60_000 }],
    [{ type: "port", hostname: "mail.example", port: 25 }, { kind: "tcp", host: "mail.example", port: 25 }],
  ])("%o", (change, wanted) => {
    const read = importUptimeKuma(kuma({ ...web, ...change }));
    expect(firstCheck(read)).toMatchObject(wanted);
    isReadable(read);
  });

  test("secrets leave the services and become references", () => {
    const read = importUptimeKuma(kuma({ ...web, headers: '{"X-Key":"abc"}', basic_auth_user: "u", basic_auth_pass: "p" }, { ...web, name: "Main DB", type: "postgres", databaseConnectionString: "postgres://u:p@db.example/x" }));
    expect(JSON.stringify(read.services)).not.toMatch(/abc|u:p/);
    expect(read.secrets).toEqual({ KUMA_SECRET_1: "abc", KUMA_SECRET_2: "Basic dTpw", KUMA_SECRET_3: "postgres://u:p@db.example/x" });
    isReadable(read);
  });

  test("what cannot be taken over is named with its reason", () => {
    const read = importUptimeKuma(kuma({ ...web, name: "Ping", type: "ping" }, { ...web, name: "Odd", headers: "nonsense" }, { ...web, name: "Absent", type: "keyword", keyword: "x", invertKeyword: true }));
    expect(read.notes).toEqual(["Ping: checks of type ping do not exist here", "Odd: its headers are not readable and were left out", "Absent: the keyword that must be absent was left out"]);
    expect(read.services).toHaveLength(2);
  });

  test.each(["", "[]", "{}", "null", '{"monitorList":{}}', "version: 1"])("%s is no backup", (text) => {
    expect(() => importUptimeKuma(text)).toThrow(ImportError);
  });
});

describe("Gatus", () => {
  const gatus = (lines: string) => `endpoints:\n  - name: front\n    group: core\n    url: "https://example.org/health"\n${lines}`;

  test("endpoints become services with one check", () => {
    const read = importGatus(gatus('    interval: 1m30s\n    client: { timeout: 3s, insecure: true }\n    alerts: [{ type: slack, failure-threshold: 4, success-threshold: 3 }]\n    conditions: ["[STATUS] == 200", "[BODY].status == UP", "[RESPONSE_TIME] < 300"]\n'));
    expect(read).toEqual({
      notes: [],
      secrets: {},
      services: [
        {
          slug: "front",
          name: "front",
          domain: "core",
          checks: [
            {
              name: "Health",
              kind: "http",
              url: "https://example.org/health",
              expectedStatus: ["200"],
              jsonPath: { path: "$.status", equals: "UP" },
              maxLatencyMs: 300,
              ignoreCertificateErrors: true,
              intervalSeconds: 90,
              timeoutMs: 3_000,
              failuresBeforeDown: 4,
              successesBeforeUp: 3,
            },
          ],
        },
      ],
    });
    isReadable(read);
  });

  test.each([
    ["[STATUS] == any(200, 429)", { expectedStatus: ["200", "429"] }],
    ["[STATUS] < 300", { expectedStatus: ["100-299"] }],
    ["[STATUS] <= 299", { expectedStatus: ["100-299"] }],
    ["[RESPONSE_TIME] < 500", { maxLatencyMs: 500 }],
    ["[CERTIFICATE_EXPIRATION] > 48h", { certificateMinDays: 2 }],
    ["[BODY] == pat(*<h1>*)", { bodyContains: "<h1>" }],
    ["[BODY].user.name == john", { jsonPath: { path: "$.user.name", equals: "john" } }],
    ["[CONNECTED] == true", {}],
    ["[BODY] == pat(*a*b*)", null],
    ["len([BODY].items) > 0", null],
    ["[STATUS] != 500", null],
    ["[IP] == 127.0.0.1", null],
    ["nonsense", null],
  ])("%s", (condition, wanted) => {
    expect(translate(condition)).toEqual(wanted);
  });

  test("conditions that nothing here holds to account are named", () => {
    expect(importGatus(gatus('    conditions: ["[STATUS] == 200", "[STATUS] != 204", "len([BODY]) > 0"]\n')).notes).toEqual(['front: the condition "[STATUS] != 204" was left out', 'front: the condition "len([BODY]) > 0" was left out']);
  });

  test.each([["30s", 30_000], ["1m30s", 90_000], ["250ms", 250], ["48h", 172_800_000], ["1.5h", 5_400_000], ["", null], ["10", null], ["5 m", null]])("duration %s", (text, wanted) => {
    expect(goDurationMs(text)).toBe(wanted);
  });

  test.each([["tcp://db.example:5432", { kind: "tcp", host: "db.example", port: 5432 }]])("%s", (url, wanted) => {
    const read = importGatus(`endpoints: [{ name: a, url: "${url}" }]`);
    expect(firstCheck(read)).toMatchObject(wanted);
  });

  test.each(["icmp://x.example", "ssh://x.example:22", "ws://x.example"])("%s is left out by name", (url) => {
    expect(importGatus(`endpoints: [{ name: a, url: "${url}" }]`).notes[0]).toMatch(/^a: addresses of the kind/);
  });

  test.each(["", "{}", "endpoints: 3", "a: [", "[]"])("%s is no configuration", (text) => {
    expect(() => importGatus(text)).toThrow(ImportError);
  });
});

describe("Healthchecks", () => {
  test("checks become services with a heartbeat that keeps its ping id", () => {
    const uuid = "0f1e2d3c-1111-4222-8333-444455556666";
    const read = importHealthchecks(JSON.stringify({ checks: [
      { name: "Nightly", desc: "db dump", tags: "prod  DB", grace: 900, timeout: 86_400, uuid, status: "up" },
      { name: "Hourly", slug: "hourly", grace: 30, schedule: "0 * * * *", tz: "Europe/Riga", ping_url: `https://hc.example/ping/${uuid}`, status: "paused" },
    ] }));
    expect(read.services).toEqual([
      { slug: "nightly", name: "Nightly", description: "db dump", tags: ["prod", "db"], checks: [{ name: "Health", kind: "heartbeat", periodSeconds: 86_400, graceSeconds: 900, pingId: uuid }] },
      { slug: "hourly", name: "Hourly", checks: [{ name: "Health", kind: "heartbeat", schedule: "0 * * * *", timeZone: "Europe/Riga", graceSeconds: 60, pingId: uuid, isPaused: true }] },
    ]);
  });

  test.each(["", "{}", "3", "<html>"])("%s is no list of checks", (text) => {
    expect(() => importHealthchecks(text)).toThrow(ImportError);
  });
});

test.each([
  ["Crème Brûlée API", [], "creme-brulee-api"],
  ["API", ["api"], "api-2"],
  ["API", ["api", "api-2"], "api-3"],
  ["🚀", [], "service"],
  ["x", [], "service-x"],
])("slug of %s", (name, taken, wanted) => {
  expect(slugFrom(name, new Set(taken))).toBe(wanted);
});
