/**
 * Makes the restored files of a cluster usable here: they belong to the user the server runs as, and the product's role
 * gets the password of this data folder, for the former one was kept outside of the database and may be lost. The password
 * is set in single-user mode, before anybody can connect.
 */
import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { AppError } from "../errors.ts";
import { binary, isRoot, unprivileged, UNPRIVILEGED } from "./binaries.ts";
import { DATABASE_USER, readSettings } from "./settings.ts";

/** Gives a file or folder to the user the server runs as. */
export async function giveAway(file: string): Promise<void> {
  if (isRoot()) await fs.lchown(file, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
}

function runSingleUser(cluster: string, sql: string): Promise<void> {
  const command = unprivileged(binary("postgres"), ["--single", "-D", cluster, "-c", "shared_preload_libraries=", "postgres"]);
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, { ...command.identity, stdio: ["pipe", "ignore", "pipe"], cwd: "/" });
    let messages = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (messages += part));
    child.on("error", reject);
    child.on("close", (code) => {
      const hasFailed = code !== 0 || /^.*(?:ERROR|FATAL|PANIC):/m.test(messages);
      if (hasFailed) reject(new AppError("mismatch", `The restored cluster does not start: ${messages.trim().split("\n").slice(-3).join(" ")}`));
      else resolve();
    });
    // A server that does not start closes its input before it is read; what it said and its code tell why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(sql);
  });
}

/** Prepares the cluster in `<dataDir>/postgres`. Throws `mismatch` when it does not recover. */
export async function adoptCluster(dataDir: string): Promise<void> {
  const { password } = await readSettings(dataDir);
  // The password is random base64url, so it needs no escaping.
  await runSingleUser(path.join(dataDir, "postgres"), `ALTER ROLE ${DATABASE_USER} PASSWORD '${password}'\n`);
}
