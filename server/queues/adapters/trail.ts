/**
 * What was tried to reach a system, step by step: the diagnosis that people read when it cannot be reached, and when it
 * can. The first step that fails ends the trail; the steps behind it stay untried.
 */
import { AppError } from "../../platform/errors.ts";
import { dial } from "../../platform/http/dial.ts";
import { OutboundError, wayOut, type ResolvedTarget } from "../../platform/http/outbound.ts";
import type { Context } from "../../platform/context.ts";
import type { TriedStep, TrialStep } from "../schema/index.ts";

/** Time for one step; a server that is hung is told from one that is slow. */
export const STEP_MS = 5_000;
const MOST_WORDS = 240;

/** The server and the framework's bundle load this file apart, and AppError is known by a mark that all its children bear. */
const MARK = Symbol.for("seaworthy.ConnectionProblem");

/** A system that cannot be used, with what was tried. Reads as AppError `unavailable`. */
export class ConnectionProblem extends AppError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && MARK in value;
  }

  readonly [MARK] = true;
  readonly tried: TriedStep[];

  constructor(message: string, tried: TriedStep[], cause?: unknown) {
    super("unavailable", message, { cause });
    this.tried = tried;
  }
}

const LEADS: Record<TrialStep, string> = {
  name: "The name could not be resolved",
  reach: "The server could not be reached",
  signIn: "The server refused the sign-in",
  version: "This version is not supported",
  rights: "The rights are not enough",
  found: "The queues could not be read",
};

/** The error in one line of plain text; credentials never stand in what drivers say, addresses may. */
export function plainMessage(error: unknown): string {
  const text = (error instanceof Error ? error.message || error.name : String(error)) + (wayOut(error) && `.${wayOut(error)}`);
  // eslint-disable-next-line no-control-regex -- what a server says is shown, so control characters go
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim().slice(0, MOST_WORDS) || "no reason given";
}

/** Settles with `work`, or rejects after `ms`. The late result is dropped. */
export function within<T>(work: Promise<T>, ms: number = STEP_MS): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new OutboundError("timeout", `no answer within ${ms / 1_000} s`)), ms);
  work.catch(() => undefined);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

export class Trail {
  readonly steps: TriedStep[] = [];

  /** Takes one step; `detail` says what it found. Throws ConnectionProblem with the trail so far. */
  async take<T>(step: TrialStep, work: () => Promise<{ value: T; detail: string }>): Promise<T> {
    try {
      const { value, detail } = await within(work());
      this.steps.push({ step, isOk: true, detail });
      return value;
    } catch (error) {
      const detail = plainMessage(error);
      this.steps.push({ step, isOk: false, detail });
      throw new ConnectionProblem(`${LEADS[step]}: ${detail}`, this.steps, error);
    }
  }

  /** Resolves a host through the guard and opens one connection to the checked address, to see that somebody listens. */
  async reach(ctx: Context, host: string, port: number): Promise<ResolvedTarget> {
    const name = host.replace(/^\[|\]$/g, "");
    const target = await this.take("name", async () => {
      const value = await ctx.http.resolve(name, port);
      return { value, detail: value.address === name ? name : `${name} is ${value.address}` };
    });
    await this.take("reach", async () => {
      const { socket } = await dial([target], { signal: AbortSignal.timeout(STEP_MS) });
      socket.destroy();
      return { value: null, detail: `port ${port} answers` };
    });
    return target;
  }
}
