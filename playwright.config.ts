import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";
import { ADMIN_STATE, BASE_URL } from "./e2e/fixtures/product.ts";

const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((file) => file && existsSync(file));

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/fixtures/global-setup.ts",
  // Bounds for what never comes, not for what comes late: a machine that is twice as slow, or busy, has its time.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // One product, one database: journeys run one after another, in a stated order. Looks only read, so two go at once.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  reporter: process.env.SEAWORTHY_INTERNAL_E2E_REPORT
    ? [["list"], ["json", { outputFile: process.env.SEAWORTHY_INTERNAL_E2E_REPORT }]]
    : [["list"]],
  outputDir: "test-results/e2e",
  use: {
    baseURL: BASE_URL,
    // What was pressed and what was asked; pictures of every step would cost a fifth of the time. The failure has its own.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    screenshot: "only-on-failure",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
  projects: [
    { name: "first-run", testMatch: /first-run\.setup\.ts/, workers: 1 },
    { name: "journeys", testMatch: /.*\.spec\.ts/, testIgnore: /(looks|outage)\.spec\.ts/, dependencies: ["first-run"], workers: 1, use: { storageState: ADMIN_STATE } },
    // A trace of so many pages costs more than it tells: the finding names the element, the screenshot shows it.
    { name: "looks", testMatch: /looks\.spec\.ts/, dependencies: ["journeys"], use: { storageState: ADMIN_STATE, trace: "off" } },
    // Last: it stops the database.
    { name: "outage", testMatch: /outage\.spec\.ts/, dependencies: ["looks"], use: { storageState: ADMIN_STATE } },
  ],
});
