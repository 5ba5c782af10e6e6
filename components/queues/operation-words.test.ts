import { describe, expect, test } from "vitest";
import { OPERATIONS, type Operation } from "../../server/queues/schema/index.ts";
import { absences, operationWord, possible, type Abilities } from "./operation-words.ts";

const all = Object.fromEntries(OPERATIONS.map((operation: Operation) => [operation, true])) as Abilities;

describe("what may be done to a job", () => {
  test("depends on its state, what helps first", () => {
    expect(possible("failed", all)).toEqual(["retry", "moveToDead", "discard"]);
    expect(possible("dead", all)).toEqual(["redrive", "discard"]);
    expect(possible("active", all)).toEqual([]);
  });

  test("what a system cannot do is absent, with the reason", () => {
    const can = { ...all, moveToDead: "BullMQ has no dead letters." };
    expect(possible("failed", can)).toEqual(["retry", "discard"]);
    expect(absences("failed", can)).toEqual(["Move to dead letters: BullMQ has no dead letters."]);
    expect(absences("failed", all)).toEqual([]);
  });

  test("sending a letter of the own queue back is called what it is there: a retry", () => {
    expect(operationWord("redrive", "own")).toBe("Retry");
    expect(operationWord("redrive", undefined)).toBe("Send back");
  });
});
