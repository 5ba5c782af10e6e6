/** A server from the PostgreSQL that the system installed, whose pg_dump is not older than it: the pg-dump engine needs such a pair. */
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { unprivileged } from "../../platform/embedded/binaries.ts";
import { giveAway } from "../../platform/embedded/restored.ts";
import { freePort } from "../../platform/embedded/settings.ts";
import { until } from "../../platform/embedded/live-process.ts";
import { findPgDump } from "../engines/pg-dump/client.ts";

const START_MS = 30_000;

export type SystemPostgres = { url: string; major: number; kill: (signal: NodeJS.Signals) => void; close: () => Promise<void> };

/** Starts a server of the same version as this machine's newest pg_dump. Throws when the system has none. */
export async function startSystemPostgres(): Promise<SystemPostgres> {
  const client = await findPgDump();
  if (!client) throw new Error("These tests need PostgreSQL's client and server programs (package postgresql).");
  const bin = path.dirname(client.file);
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "seaworthy-postgres-"));
  const data = path.join(dir, "data");
  const password = path.join(dir, "password");
  fs.chmodSync(dir, 0o711);
  fs.mkdirSync(data, { mode: 0o700 });
  fs.writeFileSync(password, "pw word'\\%\n", { mode: 0o600 });
  await giveAway(data);
  await giveAway(password);
  const init = unprivileged(path.join(bin, "initdb"), [`--pgdata=${data}`, "--username=owner", `--pwfile=${password}`, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
  const made = spawnSync(init.file, init.args, { ...init.identity, cwd: "/", encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb ended with ${made.status}: ${made.stderr}`);
  const port = await freePort();
  const serve = unprivileged(path.join(bin, "postgres"), ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", "", "-c", "fsync=off"]);
  const child = spawn(serve.file, serve.args, { ...serve.identity, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (!(await until(() => log.includes("ready to accept connections"), START_MS))) throw new Error(`The server did not start: ${log}`);
  const close = async () => {
    child.kill("SIGQUIT");
    await gone;
    fs.rmSync(dir, { recursive: true, force: true });
  };
  return { url: `postgresql://owner:${encodeURIComponent("pw word'\\%")}@127.0.0.1:${port}/postgres`, major: client.major, kill: (signal) => void child.kill(signal), close };
}
