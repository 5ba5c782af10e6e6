import { expect, test } from "vitest";
import { phaseParts, phaseWords } from "./phases.ts";

const PHASES = { resolveMs: 10, connectMs: 10, tlsMs: null, firstByteMs: 60, bodyMs: 20 };

test("phases that a run had share the whole; the others are not there", () => {
  expect(phaseParts(PHASES).map(({ word, share }) => [word, share])).toEqual([["Name", 10], ["Connect", 10], ["First byte", 60], ["Rest", 20]]);
  expect(phaseParts({ resolveMs: 0, connectMs: null, tlsMs: null, firstByteMs: null, bodyMs: null })).toMatchObject([{ share: 0 }]);
});

test("and can be read aloud", () => expect(phaseWords({ ...PHASES, tlsMs: 5 })).toBe("Name 10 ms, connect 10 ms, TLS 5 ms, first byte 60 ms, rest 20 ms"));
