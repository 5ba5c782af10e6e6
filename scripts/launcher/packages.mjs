/** Decides whether node_modules is what package-lock.json says, by npm's own record of what it installed. */
import fs from "node:fs";
import { installProblem, npmProblem } from "./npm-problems.mjs";
import { inRoot, runNpm } from "./run.mjs";
import { Refusal, step } from "./steps.mjs";

function readPackages(file) {
  const entries = JSON.parse(fs.readFileSync(file, "utf8")).packages;
  return Object.entries(entries).filter(([name]) => name !== "");
}

/** Why packages must be installed, or null when everything is there. Packages for other systems may be missing. */
export function whyInstall() {
  const record = inRoot("node_modules/.package-lock.json");
  if (!fs.existsSync(record)) return "first start: downloads about 500 MB of packages";
  const installed = new Map(readPackages(record));
  const wanted = readPackages(inRoot("package-lock.json"));
  // `npm ci --omit=dev` is a complete installation of another kind.
  const hasTools = wanted.some(([name, entry]) => entry.dev && installed.has(name));
  const mayMiss = (entry) => entry.optional || entry.devOptional || entry.peer || (entry.dev && !hasTools);
  for (const [name, entry] of wanted) {
    const found = installed.get(name);
    const label = name.replace(/^.*node_modules\//, "");
    if (!found && !mayMiss(entry)) return `${label} is missing`;
    if (found && found.version !== entry.version) return `${label} ${found.version} is installed, ${entry.version} is wanted`;
  }
  return null;
}

/** The version of npm; null when there is none. */
const npmVersion = () => runNpm(["--version"]).then(
  (output) => output.trim(),
  () => null,
);

async function install() {
  const unfit = npmProblem(await npmVersion());
  if (unfit) throw new Refusal(unfit);
  try {
    await runNpm(["ci", "--no-audit", "--no-fund"]);
  } catch (error) {
    const why = installProblem(error.message);
    throw why ? new Refusal(`${error.message}

${why}`) : error;
  }
  return "installed from the lockfile";
}

/** Installs exactly the lockfile when needed. */
export async function ensurePackages() {
  const why = whyInstall();
  if (why === null) return;
  await step("Packages", why, install);
}
