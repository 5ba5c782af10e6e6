import { describe, expect, test } from "vitest";
import { jobStateOf, stateWords, tabStates } from "./state-words.ts";

describe("states of jobs on screen", () => {
  test("a failed job of the own queue and its dead letter are one tab with one word", () => {
    expect(tabStates("own")).toEqual(["waiting", "active", "delayed", "dead", "completed"]);
    expect(stateWords("dead", "own").word).toBe("Failed");
    expect(jobStateOf("failed", "own")).toBe("dead");
  });

  test("elsewhere they are two", () => {
    expect(tabStates(undefined)).toEqual(["waiting", "active", "delayed", "failed", "dead", "completed"]);
    expect(stateWords("dead", undefined).word).toBe("Dead letter");
    expect(jobStateOf("failed")).toBe("failed");
  });

  test("an unknown state in the address is the first tab", () => {
    expect(jobStateOf("nonsense")).toBe("waiting");
    expect(jobStateOf(null)).toBe("waiting");
  });
});
