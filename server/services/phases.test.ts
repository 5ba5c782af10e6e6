import { describe, expect, test } from "vitest";
import { fromColumn, phasesOf, toColumn } from "./phases.ts";

describe("phases of a run", () => {
  test("the body is what is left of the whole", () => {
    expect(phasesOf({ resolveMs: 3, connectMs: 2, tlsMs: 20, firstByteMs: 40, totalMs: 70 })).toEqual({ resolveMs: 3, connectMs: 2, tlsMs: 20, firstByteMs: 40, bodyMs: 5 });
  });
  test("what did not happen is null, and clocks that disagree make nothing negative", () => {
    expect(phasesOf({ resolveMs: null, connectMs: 2, tlsMs: null, firstByteMs: null, totalMs: 2 })).toEqual({ resolveMs: null, connectMs: 2, tlsMs: null, firstByteMs: null, bodyMs: null });
    expect(phasesOf({ resolveMs: 3, connectMs: 3, tlsMs: null, firstByteMs: 3, totalMs: 8 })?.bodyMs).toBe(0);
    expect(phasesOf(undefined)).toBeNull();
  });
  test("a column holds them to the hundredth", () => {
    const phases = { resolveMs: 1.234, connectMs: 0.5, tlsMs: null, firstByteMs: 12, bodyMs: 0 };
    expect(toColumn(phases)).toBe("{1.23,0.50,NULL,12.00,0.00}");
    expect(fromColumn([1.23, 0.5, null, 12, 0])).toEqual({ ...phases, resolveMs: 1.23 });
    expect([toColumn(null), fromColumn(null)]).toEqual([null, null]);
  });
});
