/** The programs that tests use and npm cannot bring: a browser and the real servers that the product talks to. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { runQuietly } from "./run.mjs";
import { Refusal } from "./steps.mjs";

/** Debian package by the programs of which one is enough. */
const TOOLS = [
  { debianPackage: "chromium", programs: ["chromium", "chromium-browser", "google-chrome"] },
  { debianPackage: "redis-server", programs: ["redis-server"] },
  { debianPackage: "rabbitmq-server", programs: ["rabbitmq-server"] },
  { debianPackage: "postgresql", programs: ["pg_dump"] },
  // Only where the test of a faked clock runs.
  ...(process.platform === "linux" ? [{ debianPackage: "faketime", programs: ["faketime"] }] : []),
];

const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/opt/homebrew/bin", "/opt/homebrew/sbin", "/usr/local/sbin"];

function isInstalled(program) {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), ...SYSTEM_FOLDERS];
  return folders.some((folder) => folder && fs.existsSync(path.join(folder, program)));
}

/** Debian packages of the programs that are missing. */
export function missingTools() {
  const given = (tool) => tool.debianPackage === "chromium" && Boolean(process.env.CHROMIUM);
  return TOOLS.filter((tool) => !given(tool) && !tool.programs.some(isInstalled)).map((tool) => tool.debianPackage);
}

/** Installs what is missing when we are root on Debian; elsewhere throws a Refusal that says what to install. */
export async function ensureTools() {
  const missing = missingTools();
  if (missing.length === 0) return "all there";
  const canInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
  if (!canInstall) {
    throw new Refusal(`Missing: ${missing.join(", ")}. Install them (Debian: sudo apt-get install ${missing.join(" ")}; macOS: brew install --cask chromium, brew install redis rabbitmq postgresql) or name a browser in CHROMIUM, and run this again.`);
  }
  // Packages start their servers on installation; a policy that refuses keeps the machine as it was.
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !fs.existsSync(policy);
  if (isOurs) fs.writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await runQuietly("apt-get", ["update"], { env });
    await runQuietly("apt-get", ["install", "-y", "--no-install-recommends", ...missing], { env });
  } finally {
    if (isOurs) fs.rmSync(policy);
  }
  return `installed ${missing.join(", ")}`;
}
