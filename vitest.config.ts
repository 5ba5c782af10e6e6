// Three kinds of tests by suffix: pure (no database, seconds in all), db (real PostgreSQL), fault (processes are killed).
import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { ensureSecrets } from "./server/platform/secrets.ts";

const secrets = ensureSecrets(path.join(import.meta.dirname, "node_modules/.cache/seaworthy-test"));
const isPartial = process.argv.some((word) => word.startsWith("--project") || /\.test\.ts$|^(server|client|scripts|components|app)\//.test(word));
const databaseSetup = ["server/platform/testing/server.ts"];
const ours = ["server", "client", "components", "app", "scripts", "bench"];
const files = (suffix: string) => ours.map((folder) => `${folder}/**/*${suffix}`);

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    env: {
      ...secrets,
      NODE_ENV: "test",
      DATABASE_URL: "postgresql://127.0.0.1:1/unset",
      LOG_LEVEL: "silent",
    },
    pool: "forks",
    // Most tests wait for a server, a process or a timer: two at once even on a small machine, whose default is one.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    passWithNoTests: true,
    coverage: {
      provider: "v8",
      include: ["server/**/*.ts", "client/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testing/**"],
      // Web, worker, main and command line run as processes of their own; what they did counts too, unless they were killed.
      autoAttachSubprocess: true,
      reporter: ["text-summary", "lcov", "json-summary"],
      thresholds: isPartial ? undefined : { lines: 85, statements: 85, functions: 85, branches: 80 },
    },
    projects: [
      {
        extends: true,
        // One process for many files halves the time: most of it went into loading the same modules anew. Pure tests leave nothing behind.
        test: { name: "unit", isolate: false, include: files(".test.ts"), exclude: ["**/*.db.test.ts", "**/*.fault.test.ts", "**/node_modules/**"] },
      },
      {
        extends: true,
        test: { name: "db", include: files(".db.test.ts"), globalSetup: databaseSetup, testTimeout: 20_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: { name: "fault", include: files(".fault.test.ts"), globalSetup: databaseSetup, testTimeout: 90_000, hookTimeout: 60_000 },
      },
    ],
  },
});
