/**
 * Keeps one process of a role running: started again with growing pauses when it dies, given up after several deaths
 * in quick succession. Children have a process group of their own, so Ctrl+C reaches only the launcher, which stops
 * them in order; they notice a lost launcher by their IPC channel.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { logger } from "../platform/logger.ts";

/** A process that lived shorter died quickly. */
const QUICK_DEATH_MS = 10_000;
const MAX_QUICK_DEATHS = 5;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
/** sysexits(3) EX_CONFIG: another try cannot help. */
export const EXIT_CONFIG = 78;

export type ChildPlan = {
  role: "web" | "worker";
  /** Arguments of node: flags, file, options. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Called whenever the process id changes. */
  onChange: () => void;
  /** Called once when the role cannot be kept running. */
  onGivenUp: (why: string) => void;
};

export type Child = {
  role: ChildPlan["role"];
  pid: () => number | undefined;
  /** Resolves when the process said that it serves; rejects never (giving up ends the launcher). */
  ready: Promise<void>;
  /** Asks the process to finish and waits; kills it after `timeoutMs`. */
  stop: (timeoutMs: number) => Promise<void>;
  /** Ends it at once. */
  kill: () => void;
};

type State = { process?: ChildProcess; quickDeaths: number; isStopping: boolean; pause?: NodeJS.Timeout };

const isReadyMessage = (message: unknown) => (message as { type?: string } | null)?.type === "ready";

/** Starts a role and keeps it running until it is stopped. */
export function keepRunning(plan: ChildPlan): Child {
  const state: State = { quickDeaths: 0, isStopping: false };
  const ready = Promise.withResolvers<void>();

  const start = () => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, plan.args, { env: plan.env, stdio: ["ignore", "inherit", "inherit", "ipc"], detached: true });
    state.process = child;
    child.on("message", (message) => isReadyMessage(message) && ready.resolve());
    child.once("exit", (code, signal) => {
      state.process = undefined;
      plan.onChange();
      if (!state.isStopping) afterDeath({ code, signal, livedMs: performance.now() - startedAt });
    });
    child.on("error", (error) => logger().error({ err: error, role: plan.role }, "process could not be started"));
    plan.onChange();
  };

  const afterDeath = (death: { code: number | null; signal: string | null; livedMs: number }) => {
    state.quickDeaths = death.livedMs < QUICK_DEATH_MS ? state.quickDeaths + 1 : 1;
    const how = death.signal ?? `code ${death.code}`;
    if (death.code === EXIT_CONFIG || state.quickDeaths >= MAX_QUICK_DEATHS) {
      plan.onGivenUp(`The ${plan.role} process ended with ${how}${death.code === EXIT_CONFIG ? "" : `, ${state.quickDeaths} times in a row`}.`);
      return;
    }
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (state.quickDeaths - 1));
    logger().warn({ role: plan.role, how, pauseMs }, "process died, starting it again");
    state.pause = setTimeout(start, pauseMs);
  };

  start();
  return {
    role: plan.role,
    pid: () => state.process?.pid,
    ready: ready.promise,
    stop: (timeoutMs) => stopChild(state, timeoutMs),
    kill: () => {
      state.isStopping = true;
      clearTimeout(state.pause);
      state.process?.kill("SIGKILL");
    },
  };
}

async function stopChild(state: State, timeoutMs: number): Promise<void> {
  state.isStopping = true;
  clearTimeout(state.pause);
  const child = state.process;
  if (!child) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  await gone;
  clearTimeout(killer);
}
