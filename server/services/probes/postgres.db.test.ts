import { describe, expect, test, vi } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { createOutbound } from "../../platform/http/guarded.ts";
import { testDatabase } from "../../platform/testing/database.ts";
import { runProbe, type ProbeWorld } from "./probe.ts";

const database = testDatabase();
const world: ProbeWorld = {
  http: createOutbound({ allow: ["127.0.0.1"], lookup: async () => [{ address: "127.0.0.1", family: 4 }] }),
  now: systemClock,
  checkSelf: () => Promise.reject(new Error("unused")),
  readHeartbeat: () => Promise.reject(new Error("unused")),
};

/** The test database's address, reached by a name that only the injected resolver knows. */
function address(change: (url: URL) => void = () => undefined): string {
  const url = new URL(database.url);
  url.hostname = "db.test";
  url.search = "";
  change(url);
  return url.href;
}
const ask = (more: { query?: string; expect?: string } = {}, at = address(), timeoutMs = 5_000) => runProbe(world, { kind: "postgres", connectionString: at, ...more }, { timeoutMs });

describe("a real PostgreSQL", () => {
  test("answers a connection and a query", async () => {
    expect(await ask()).toMatchObject({ verdict: "up", message: expect.stringMatching(/^answered in \d+ ms$/) as string });
    expect((await ask({ query: "SELECT 41 + 1", expect: "42" })).verdict).toBe("up");
    expect((await ask({ query: "SELECT 'a' WHERE false" })).verdict).toBe("up");
  });
  test("another value than expected is down", async () => {
    expect(await ask({ query: "SELECT 'amber'", expect: "green" })).toMatchObject({ verdict: "down", message: 'the query returned "amber", expected "green"' });
    expect((await ask({ query: "SELECT 1 WHERE false", expect: "1" })).message).toBe('the query returned no row, expected "1"');
  });
  test("a query cannot write, and cannot leave its transaction", async () => {
    await database.pool.query("CREATE TABLE IF NOT EXISTS probe_target (n int)");
    expect((await ask({ query: "INSERT INTO probe_target VALUES (1)" })).message).toContain("read-only transaction");
    expect((await ask({ query: "COMMIT; INSERT INTO probe_target VALUES (1)" })).message).toContain("multiple commands");
    const { rowCount } = await database.pool.query("SELECT * FROM probe_target");
    expect(rowCount).toBe(0);
  });
  test("a slow query is down at the limit, an endless one at the byte cap", async () => {
    expect(await ask({ query: "SELECT pg_sleep(10)" }, address(), 500)).toMatchObject({ verdict: "down" });
    expect(await ask({ query: "SELECT repeat('x', 10000) FROM generate_series(1, 1000000)" })).toMatchObject({ verdict: "down", message: "the answer is longer than 1 MiB" });
  });
  test("a wrong database is down with the server's words", async () => {
    expect((await ask({}, address((url) => (url.pathname = "/nowhere")))).message).toBe('database "nowhere" does not exist (3D000)');
    expect((await ask({ query: "SELEC 1" })).message).toContain("(42601)");
  });
  test("TLS that the server does not speak is down", async () => {
    expect((await ask({}, address((url) => (url.search = "?sslmode=require")))).message).toContain("SSL");
  });
  test("the environment's password and parameters are not used", async () => {
    vi.stubEnv("PGHOST", "10.0.0.5").stubEnv("PGDATABASE", "nowhere").stubEnv("PGSSLMODE", "require").stubEnv("PGUSER", "nobody");
    expect((await ask()).verdict).toBe("up");
    vi.unstubAllEnvs();
  });
});
