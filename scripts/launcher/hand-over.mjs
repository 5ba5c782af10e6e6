/** Leaves the launcher's world: from here on the pinned Node runs TypeScript sources. */
import { spawn } from "node:child_process";
import * as modules from "node:module";
import { pathToFileURL } from "node:url";
import { inRoot, pinnedNode, toolEnvironment } from "./run.mjs";

/** Where Node keeps what it made of the sources, so that no later start loads the compiler of TypeScript or compiles again. */
const COMPILED = inRoot("node_modules/.cache/seaworthy/compiled");

/** What a shell reports for a process that was killed with signal 9. */
const KILLED_EXIT = 137;

/** Runs a source file here when this is the pinned Node, else in a child that gets our signals and gives us its code. */
export async function handOver(file, args) {
  const node = pinnedNode();
  Object.assign(process.env, toolEnvironment({ NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || COMPILED }));
  if (node === process.execPath) {
    modules.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    process.argv = [process.execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  const child = spawn(node, [file, ...args], { stdio: "inherit", cwd: inRoot() });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGKILL" ? KILLED_EXIT : 1)));
}
