import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../platform/config.ts";
import { checkEnvironment, isEmbedded, withManner, withSecrets } from "./environment.ts";

function problemsOf(env: Record<string, string>): string[] {
  try {
    checkEnvironment(env as NodeJS.ProcessEnv);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("the environment", () => {
  test("needs nothing with the embedded database", () => {
    expect(problemsOf({})).toEqual([]);
    expect(isEmbedded({ DATABASE_URL: "  " } as unknown as NodeJS.ProcessEnv)).toBe(true);
  });

  test("with a database of its own needs its secrets too, and all problems come at once", () => {
    const problems = problemsOf({ DATABASE_URL: "mysql://x", PORT: "http", SEAWORTHY_PORT: "1", AUTH_SECRET: "short", SEAWORTHY_ADMIN_EMAIL: "a@example.com" });
    for (const word of ["DATABASE_URL", "PORT", "SEAWORTHY_PORT is not a name", "AUTH_SECRET", "SEAWORTHY_KEYRING_FILE is required", "must be set together"]) {
      expect(problems.join("\n")).toContain(word);
    }
  });

  test("given secrets are kept, missing ones are generated", () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-env-"));
    const own = "a-given-secret-0123456789-abcdefghij-XYZ";
    const env = withSecrets({ SEAWORTHY_DATA_DIR: dir, AUTH_SECRET: own } as unknown as NodeJS.ProcessEnv);
    expect(env).toMatchObject({ AUTH_SECRET: own, SEAWORTHY_KEYRING_FILE: path.join(dir, "keyring.json") });
    fs.rmSync(dir, { recursive: true });
  });

  test("nothing is generated beside a database of somebody else", () => {
    const env = { DATABASE_URL: "postgresql://db/x" } as unknown as NodeJS.ProcessEnv;
    expect(withSecrets(env)).toBe(env);
  });

  test("people get readable lines, machines get JSON, and a choice is kept", () => {
    const empty = {} as NodeJS.ProcessEnv;
    expect(withManner(empty, { isDev: false, isTerminal: true })).toMatchObject({ LOG_FORMAT: "pretty", NODE_ENV: "production" });
    expect(withManner(empty, { isDev: false, isTerminal: false }).LOG_FORMAT).toBeUndefined();
    expect(withManner({ LOG_FORMAT: "json" } as unknown as NodeJS.ProcessEnv, { isDev: true, isTerminal: true })).toMatchObject({ LOG_FORMAT: "json", NODE_ENV: "development" });
  });
});
