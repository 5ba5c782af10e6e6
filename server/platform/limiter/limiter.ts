/**
 * Decides whether a caller may go on: every window of the tier is charged once, the tightest one speaks. With a shared
 * store all processes count together; while that store is away, each counts for itself. One limiter per process, on
 * globalThis, because routes are bundled apart.
 */
import { monotonicMs, SECOND_MS, type Clock } from "../clock.ts";
import { config } from "../config.ts";
import type { Gate } from "./gate.ts";
import { memoryWindows, type OpenWindow, type WindowLimiter } from "./memory.ts";
import { NO_POLICY, type Policy } from "./policy.ts";
import { openShared } from "./shared.ts";
import { windowFinder, type Charged, type LimitConfig, type Window } from "./windows.ts";

export type Charge = Charged;

export type Decision = {
  isAllowed: boolean;
  /** Calls allowed per window, of the tightest window. */
  limit: number;
  remaining: number;
  /** Whole seconds until the window ends or, when refused, until a call will be accepted. */
  resetSeconds: number;
  windowSeconds: number;
};

/** Decides in place of the local counts while the shared store is away. */
export type Otherwise = (windows: readonly Window[]) => Promise<Decision>;

export type ChargeOptions = {
  /** Calls to count, 1 unless given; negative gives back. */
  calls?: number;
  policy?: Policy;
  otherwise?: Otherwise;
  /** Counts in this process, whatever store there is. */
  isAlone?: boolean;
};

/** In this process alone; by all processes together; or alone because the shared store is away. */
export type StoreState = "process" | "shared" | "shared-away";

export type Limiter = {
  /** Counts and decides. */
  charge: (charge: Charge, options?: ChargeOptions) => Promise<Decision>;
  /** Decides without counting. */
  peek: (charge: Charge, policy?: Policy) => Promise<Decision>;
  /** Where calls are counted now. */
  storeState: () => StoreState;
  /** Ends the connection to the shared store, if there is one. */
  close: () => Promise<void>;
};

/** A store that processes share, behind a gate that keeps it away from callers while it is ill. */
export type SharedStore = { open: OpenWindow; gate: Gate; close: () => Promise<void> };

type Answer = { success: boolean; limit: number; remaining: number; reset: number };
type Ask = (window: WindowLimiter) => Promise<Answer>;

/** Instances kept per store; there is one for every figure in use, so only a long row of edits comes near. */
const MAX_OPENED = 500;

/** The decision that speaks: the longest refusal, else the window with the least left. */
export function tightest(decisions: readonly Decision[]): Decision {
  let found = decisions[0];
  if (!found) throw new Error("a tier has no window");
  for (const decision of decisions) {
    const isWorse = decision.isAllowed ? found.isAllowed && decision.remaining < found.remaining : found.isAllowed || decision.resetSeconds > found.resetSeconds;
    if (isWorse) found = decision;
  }
  return found;
}

function opener(open: OpenWindow): (window: Window) => WindowLimiter {
  const opened = new Map<string, WindowLimiter>();
  // The finder hands out the same objects until figures change.
  const seen = new WeakMap<Window, WindowLimiter>();
  const openOnce = (window: Window): WindowLimiter => {
    const key = `${window.name}/${window.max}/${window.windowMs}`;
    const known = opened.get(key);
    if (known) return known;
    if (opened.size >= MAX_OPENED) opened.clear();
    const made = open(window);
    opened.set(key, made);
    return made;
  };
  return (window) => {
    const known = seen.get(window);
    if (known) return known;
    const found = openOnce(window);
    seen.set(window, found);
    return found;
  };
}

/** Makes a limiter over a store in this process and, when given, a shared one before it. */
export function createLimiter(options: { now: Clock; limits: LimitConfig; local: OpenWindow; shared?: SharedStore }): Limiter {
  const { now, shared } = options;
  const find = windowFinder(options.limits);
  const local = opener(options.local);
  const remote = shared && opener(shared.open);

  const decide = (window: Window, answer: Answer): Decision => ({
    isAllowed: answer.success,
    limit: answer.limit,
    remaining: Math.max(0, answer.remaining),
    resetSeconds: Math.max(1, Math.ceil((answer.reset - now().getTime()) / SECOND_MS)),
    windowSeconds: Math.ceil(window.windowMs / SECOND_MS),
  });
  const askAll = (windows: readonly Window[], of: (window: Window) => WindowLimiter, how: Ask): Promise<Decision[]> =>
    Promise.all(windows.map(async (window) => decide(window, await how(of(window)))));
  const chargeMany = async (windows: readonly Window[], of: (window: Window) => WindowLimiter, wanted: { caller: string; calls: number }): Promise<Decision> => {
    const rate = wanted.calls === 1 ? undefined : { rate: wanted.calls };
    const decisions = await askAll(windows, of, (window) => window.limit(wanted.caller, rate));
    const decision = tightest(decisions);
    // A call that one window refuses must not use up the others.
    if (!decision.isAllowed) {
      const charged = windows.filter((_, index) => decisions[index]?.isAllowed);
      await Promise.all(charged.map((window) => of(window).limit(wanted.caller, { rate: -wanted.calls })));
    }
    return decision;
  };
  // Most tiers have one window for a caller; that way is kept short.
  const chargeAll = (windows: readonly Window[], of: (window: Window) => WindowLimiter, wanted: { caller: string; calls: number }): Promise<Decision> => {
    const [only] = windows;
    if (!only || windows.length > 1) return chargeMany(windows, of, wanted);
    return of(only)
      .limit(wanted.caller, wanted.calls === 1 ? undefined : { rate: wanted.calls })
      .then((answer) => decide(only, answer));
  };
  const charge = async (wanted: Charge, { calls = 1, policy = NO_POLICY, otherwise, isAlone = false }: ChargeOptions = {}): Promise<Decision> => {
    const windows = find(wanted, policy);
    const counted = { caller: wanted.caller, calls };
    if (shared && remote && !isAlone) {
      const decision = await shared.gate.attempt(() => chargeAll(windows, remote, counted));
      if (decision) return decision;
      if (otherwise) return otherwise(windows);
    }
    return chargeAll(windows, local, counted);
  };
  const peek = async (wanted: Charge, policy: Policy = NO_POLICY): Promise<Decision> => {
    const windows = find(wanted, policy);
    const ask: Ask = (window) => leftOf(window, wanted.caller);
    const decisions = (shared && remote && (await shared.gate.attempt(() => askAll(windows, remote, ask)))) || (await askAll(windows, local, ask));
    return tightest(decisions);
  };
  const storeState = (): StoreState => {
    if (!shared) return "process";
    return shared.gate.isOpen ? "shared" : "shared-away";
  };
  return { charge, peek, storeState, close: () => shared?.close() ?? Promise.resolve() };
}

async function leftOf(window: WindowLimiter, caller: string): Promise<Answer> {
  const answer = await window.getRemaining(caller);
  return { ...answer, success: answer.remaining >= 1 };
}

const holder = globalThis as { seaworthyLimiter?: Limiter };

/** Wall time that no change of the clock touches, so that a step back locks nobody out. */
export const steadyClock: Clock = () => new Date(performance.timeOrigin + monotonicMs());

/** The process's limiter, with the environment's figures and store. */
export function limiter(): Limiter {
  holder.seaworthyLimiter ??= createLimiter({ now: steadyClock, limits: config(), local: memoryWindows(steadyClock), shared: openShared(config()) });
  return holder.seaworthyLimiter;
}

/** Where this process counts now. */
export const storeState = (): StoreState => limiter().storeState();
