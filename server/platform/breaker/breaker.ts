/**
 * Calls a dependency of the console through its breaker: `breaker("outbound:oidc").run(() => …)`. For what the console
 * itself needs (mail, identity provider, object store), never for services it watches: their checks must see the truth.
 * One name per host or class of hosts; a breaker that opens stops no other.
 */
import { randomUUID } from "node:crypto";
import { SECOND_MS } from "../clock.ts";
import { database } from "../db.ts";
import { AppError } from "../errors.ts";
import { admit, DEFAULT_POLICY, settle, waitMs, type BreakerPolicy } from "./circuit.ts";
import { countOutcome, showPhase } from "./figures.ts";
import { sharedCircuits, type CircuitStore } from "./store.ts";

export type Breaker = {
  /**
   * Runs `work` unless the circuit is open; then throws AppError `unavailable` with the seconds to wait. Errors for which
   * `isFault` says false are the caller's own (a wrong address, a refusal) and count as a sign of life.
   */
  run: <T>(work: () => Promise<T>, isFault?: (error: unknown) => boolean) => Promise<T>;
};

export type BreakerOptions = { name: string; store: CircuitStore; policy?: BreakerPolicy };

const always = () => true;

export function createBreaker({ name, store, policy = DEFAULT_POLICY }: BreakerOptions): Breaker {
  const note = async (holder: string, isFailure: boolean) => {
    countOutcome(name, isFailure);
    await store.change(name, (circuit, at) => {
      const next = settle(circuit, { at, holder, isFailure }, policy);
      showPhase(name, next.phase);
      return { next, result: null };
    });
  };
  return {
    run: async (work, isFault = always) => {
      const holder = randomUUID();
      const { isAdmitted, wait } = await store.change(name, (circuit, at) => {
        const answer = admit(circuit, { at, holder }, policy);
        showPhase(name, answer.next.phase);
        return { next: answer.next, result: { isAdmitted: answer.isAdmitted, wait: waitMs(circuit, at, policy) } };
      });
      if (!isAdmitted) {
        const retryAfterSeconds = Math.max(1, Math.ceil(wait / SECOND_MS));
        throw new AppError("unavailable", `${name} failed several times and is left alone for ${retryAfterSeconds} s. Nothing was sent.`, { detail: { retryAfterSeconds } });
      }
      try {
        const result = await work();
        await note(holder, false);
        return result;
      } catch (error) {
        await note(holder, isFault(error));
        throw error;
      }
    },
  };
}

const holder = globalThis as { seaworthyCircuits?: CircuitStore };

/** The breaker of one dependency, shared by all processes. Names: `<class>:<host>`, e.g. `smtp:mail.example.org`. */
export function breaker(name: string): Breaker {
  holder.seaworthyCircuits ??= sharedCircuits(database());
  return createBreaker({ name, store: holder.seaworthyCircuits });
}
