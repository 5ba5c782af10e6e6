/**
 * Decides whether a caller may go on: every window of the tier is charged once, the tightest one speaks. One limiter
 * per process, on globalThis, because routes are bundled apart.
 */
import { monotonicMs, type Clock } from "../clock.ts";
import { config } from "../config.ts";
import { memoryWindows, type OpenWindow, type WindowLimiter } from "./memory.ts";
import type { Tier } from "./tiers.ts";
import { windowsOf, type LimitConfig, type Window } from "./windows.ts";

const MS_PER_SECOND = 1_000;

export type Charge = { tier: Tier; caller: string; isSignedIn: boolean };

export type Decision = {
  isAllowed: boolean;
  /** Calls allowed per window, of the tightest window. */
  limit: number;
  remaining: number;
  /** Whole seconds until the window ends or, when refused, until a call will be accepted. */
  resetSeconds: number;
  windowSeconds: number;
};

export type Limiter = {
  /** Counts `calls` calls (1 unless given; negative gives back) and decides. */
  charge: (charge: Charge, calls?: number) => Promise<Decision>;
  /** Decides without counting. */
  peek: (charge: Charge) => Promise<Decision>;
};

type Answer = { success: boolean; limit: number; remaining: number; reset: number };

const tightest = (decisions: Decision[]): Decision => {
  const refused = decisions.filter((decision) => !decision.isAllowed).toSorted((a, b) => b.resetSeconds - a.resetSeconds)[0];
  const least = decisions.toSorted((a, b) => a.remaining - b.remaining)[0];
  const found = refused ?? least;
  if (!found) throw new Error("a tier has no window");
  return found;
};

/** Makes a limiter over a store. */
export function createLimiter(options: { now: Clock; limits: LimitConfig; open: OpenWindow }): Limiter {
  const opened = new Map<string, WindowLimiter>();
  const limiterOf = (window: Window): WindowLimiter => {
    const known = opened.get(window.name) ?? options.open(window);
    opened.set(window.name, known);
    return known;
  };
  const decide = (window: Window, answer: Answer): Decision => ({
    isAllowed: answer.success,
    limit: answer.limit,
    remaining: answer.remaining,
    resetSeconds: Math.max(1, Math.ceil((answer.reset - options.now().getTime()) / MS_PER_SECOND)),
    windowSeconds: Math.ceil(window.windowMs / MS_PER_SECOND),
  });
  const ask = async (charge: Charge, how: (limiter: WindowLimiter) => Promise<Answer>): Promise<Decision[]> => {
    const windows = windowsOf(charge.tier, options.limits, charge.isSignedIn);
    return Promise.all(windows.map(async (window) => decide(window, await how(limiterOf(window)))));
  };
  const giveBack = async (charge: Charge, decisions: Decision[], calls: number): Promise<void> => {
    const windows = windowsOf(charge.tier, options.limits, charge.isSignedIn);
    const charged = windows.filter((_, index) => decisions[index]?.isAllowed);
    await Promise.all(charged.map((window) => limiterOf(window).limit(charge.caller, { rate: -calls })));
  };
  const charge = async (wanted: Charge, calls = 1): Promise<Decision> => {
    const decisions = await ask(wanted, (window) => window.limit(wanted.caller, { rate: calls }));
    const decision = tightest(decisions);
    // A call that one window refuses must not use up the others.
    if (!decision.isAllowed) await giveBack(wanted, decisions, calls);
    return decision;
  };
  const peek = async (wanted: Charge): Promise<Decision> => {
    const left = async (window: WindowLimiter): Promise<Answer> => {
      const answer = await window.getRemaining(wanted.caller);
      return { ...answer, success: answer.remaining >= 1 };
    };
    return tightest(await ask(wanted, left));
  };
  return { charge, peek };
}

const holder = globalThis as { seaworthyLimiter?: Limiter };

/** Wall time that no change of the clock touches, so that a step back locks nobody out. */
const steadyClock: Clock = () => new Date(performance.timeOrigin + monotonicMs());

/** The process's limiter, with the environment's figures. */
export function limiter(): Limiter {
  holder.seaworthyLimiter ??= createLimiter({ now: steadyClock, limits: config(), open: memoryWindows(steadyClock) });
  return holder.seaworthyLimiter;
}
