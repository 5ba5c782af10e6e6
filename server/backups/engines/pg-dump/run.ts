/** Runs pg_dump: its output streams, its messages become progress, and only exit code 0 ends the stream well. */
import { spawn } from "node:child_process";
import { AppError } from "../../../platform/errors.ts";
import type { BlockWriter } from "../../archive/blocks.ts";
import type { Progress } from "../engine.ts";
import { environmentFor, type PostgresAddress } from "../postgres/address.ts";
import { LOCK_TIMEOUT, LOCK_TIMEOUT_MS, schemaChanges } from "../postgres/connect.ts";
import { openIntake, type Intake } from "./intake.ts";

/** Time to end by itself after it was told to stop. */
const KILL_AFTER_MS = 3_000;
const KEPT_LINES = 8;

export type PgDumpRun = {
  file: string;
  at: PostgresAddress;
  snapshotId: string;
  tables: number;
  out: BlockWriter;
  signal: AbortSignal;
  home: string;
  onProgress: (progress: Progress) => void;
};

/** Plain text: the fastest of its formats, and readable without any client. Owners and grants belong to the old machine. */
const argumentsFor = (snapshotId: string) => [
  "--format=plain",
  "--no-owner",
  "--no-privileges",
  "--no-subscriptions",
  "--no-password",
  "--verbose",
  `--lock-wait-timeout=${LOCK_TIMEOUT_MS}`,
  `--snapshot=${snapshotId}`,
];

/** Reads pg_dump's messages: tables it works on, and the last lines that are not such. */
function readMessages(run: PgDumpRun) {
  const kept: string[] = [];
  let done = 0;
  let rest = "";
  const take = (line: string) => {
    const table = /dumping contents of table "(.*)"$/.exec(line)?.[1];
    if (table) run.onProgress({ bytes: 0, done: done++, total: run.tables, current: table.replaceAll('"."', ".") });
    else if (/error|fatal|aborting|failed|detail|hint|query was/i.test(line)) kept.push(line.replace(/^pg_dump: /, ""));
    if (kept.length > KEPT_LINES) kept.shift();
  };
  return {
    push: (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    },
    tail: () => [...kept, rest].filter(Boolean).join(" ").slice(0, 600),
  };
}

function problemOf(message: string, code: number | null): AppError {
  if (LOCK_TIMEOUT.test(message)) {
    return schemaChanges();
  }
  const how = code === null ? "was ended from outside" : `ended with code ${code}`;
  return new AppError("unavailable", `pg_dump ${how}${message === "" ? "." : `: ${message}`}`);
}

function start(run: PgDumpRun, intake: Intake | null) {
  const child = spawn(run.file, argumentsFor(run.snapshotId), { env: environmentFor(run.at, run.home), stdio: ["ignore", intake?.output ?? "pipe", "pipe"], cwd: "/" });
  if (intake) intake.output.destroy();
  else child.stdout?.pipe(run.out, { end: false });
  return child;
}

/** Resolves when pg_dump ended with 0 and `out` was ended. Throws AppError; then `out` is destroyed. */
export async function runPgDump(run: PgDumpRun): Promise<void> {
  run.signal.throwIfAborted();
  const intake = await openIntake(run.home, run.out);
  const child = start(run, intake);
  const messages = readMessages(run);
  child.stderr?.setEncoding("utf8").on("data", messages.push);
  const stop = () => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
    // A paused pipe would keep the program waiting for a reader.
    child.stdout?.resume();
    intake?.close();
  };
  run.signal.addEventListener("abort", stop, { once: true });
  run.out.once("error", stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status));
    });
    run.signal.throwIfAborted();
    if (code !== 0) throw problemOf(messages.tail(), code);
    await intake?.done;
    run.signal.throwIfAborted();
    run.out.end();
  } catch (error) {
    run.out.destroy(error as Error);
    throw error;
  } finally {
    intake?.close();
    run.signal.removeEventListener("abort", stop);
    run.out.off("error", stop);
  }
}
