import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admit, CLOSED, DEFAULT_POLICY, settle, waitMs, type Circuit } from "./circuit.ts";

const MINUTE = 60_000;

/** Calls one after another, a second apart; "f" fails, "s" succeeds. */
function after(outcomes: string, stepMs = 1_000): { circuit: Circuit; at: number } {
  let circuit = CLOSED;
  let at = 0;
  for (const outcome of outcomes) {
    at += stepMs;
    circuit = settle(circuit, { at, holder: "a", isFailure: outcome === "f" }, DEFAULT_POLICY);
  }
  return { circuit, at };
}

describe("opening (G02)", () => {
  test.each([
    { outcomes: "ffff", phase: "closed", why: "four in a row" },
    { outcomes: "fffff", phase: "open", why: "five in a row" },
    { outcomes: "ffffsffff", phase: "closed", why: "a success ends the row and nine calls are too few for a share" },
    { outcomes: "fsfsfsfsf", phase: "closed", why: "nine calls" },
    { outcomes: "sfsfsfsfsf", phase: "open", why: "half of ten" },
    { outcomes: "fsfssfsfsss", phase: "closed", why: "four of eleven" },
    { outcomes: "s".repeat(90) + "ffff", phase: "closed", why: "few of many" },
  ])("$why: $phase", ({ outcomes, phase }) => {
    expect(after(outcomes, 100).circuit.phase).toBe(phase);
  });

  test("forgets what is older than a minute", () => {
    expect(after("sfsfsfsfsf", 8_000).circuit.phase).toBe("closed");
  });
});

describe("an open circuit", () => {
  const { circuit, at } = after("fffff");

  test("admits nobody for 30 s, then exactly one", () => {
    const early = admit(circuit, { at: at + 29_999, holder: "a" }, DEFAULT_POLICY);
    expect(early).toEqual({ isAdmitted: false, next: circuit });
    expect(waitMs(circuit, at + 29_000, DEFAULT_POLICY)).toBe(1_000);
    const first = admit(circuit, { at: at + 30_000, holder: "a" }, DEFAULT_POLICY);
    expect(first).toMatchObject({ isAdmitted: true, next: { phase: "half-open", lease: { holder: "a" } } });
    expect(admit(first.next, { at: at + 30_001, holder: "b" }, DEFAULT_POLICY).isAdmitted).toBe(false);
  });

  test("closes when the one succeeds, opens again when it fails, and is nobody else's to decide", () => {
    const half = admit(circuit, { at: at + 30_000, holder: "a" }, DEFAULT_POLICY).next;
    expect(settle(half, { at: at + 30_100, holder: "b", isFailure: false }, DEFAULT_POLICY)).toBe(half);
    expect(settle(half, { at: at + 30_100, holder: "a", isFailure: false }, DEFAULT_POLICY)).toEqual(CLOSED);
    expect(settle(half, { at: at + 30_100, holder: "a", isFailure: true }, DEFAULT_POLICY)).toMatchObject({ phase: "open", openedAt: at + 30_100, lease: null });
  });

  test("gives the lease of a dead holder to another", () => {
    const half = admit(circuit, { at: at + 30_000, holder: "a" }, DEFAULT_POLICY).next;
    expect(admit(half, { at: at + MINUTE, holder: "b" }, DEFAULT_POLICY)).toMatchObject({ isAdmitted: true, next: { lease: { holder: "b" } } });
    expect(admit(half, { at: at + MINUTE - 1, holder: "b" }, DEFAULT_POLICY).isAdmitted).toBe(false);
  });

  test("ignores late outcomes of calls that began before it opened", () => {
    expect(settle(circuit, { at: at + 5, holder: "z", isFailure: true }, DEFAULT_POLICY)).toBe(circuit);
    expect(settle(circuit, { at: at + 5, holder: "z", isFailure: false }, DEFAULT_POLICY)).toBe(circuit);
  });
});

test("whatever happens: at most one holder is in while it is not closed, and memory is bounded", () => {
  const step = fc.record({ holder: fc.constantFrom("a", "b", "c"), waitMs: fc.integer({ min: 0, max: 40_000 }), isFailure: fc.boolean(), hasEnded: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      let circuit = CLOSED;
      let at = 0;
      let inside: string[] = [];
      for (const { holder, waitMs: passed, isFailure, hasEnded } of steps) {
        at += passed;
        const wasClosed = circuit.phase === "closed";
        if (circuit.lease && at >= circuit.lease.until) inside = [];
        const answer = admit(circuit, { at, holder }, DEFAULT_POLICY);
        circuit = answer.next;
        if (answer.isAdmitted && !wasClosed) inside.push(holder);
        expect(inside.length).toBeLessThanOrEqual(1);
        if (answer.isAdmitted && hasEnded) {
          circuit = settle(circuit, { at, holder, isFailure }, DEFAULT_POLICY);
          inside = [];
        }
        expect(circuit.outcomes.length).toBeLessThanOrEqual(100);
      }
    }),
  );
});
