import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { STATES, type State } from "./schema.ts";
import { ALL_PAUSED, freshForMs, isStale, nextState, NO_CHECKS, rollUpService, type CheckState, type StateRules } from "./state.ts";

const START = new Date("2027-01-15T12:00:00Z");
const after = (seconds: number) => new Date(START.getTime() + seconds * 1_000);
const RULES: StateRules = { failuresBeforeDown: 2, successesBeforeUp: 1, intervalSeconds: 30 };
const NEW: CheckState = { state: "unknown", stateSince: START, stateReason: "No result yet", consecutiveFailures: 0, consecutiveSuccesses: 0, lastKnownAt: null };

/** Plays verdicts, one an interval; letters are u(p), g (degraded), d(own), ? (unknown). */
function play(verdicts: string, rules: Partial<StateRules> = {}, from: CheckState = NEW): CheckState[] {
  const all = { ...RULES, ...rules };
  const words: Record<string, State> = { u: "up", g: "degraded", d: "down", "?": "unknown" };
  const states: CheckState[] = [];
  let state = from;
  verdicts.split("").forEach((letter, i) => {
    const verdict = words[letter] ?? "unknown";
    state = nextState(state, { verdict, message: `${verdict} ${i}`, at: after((i + 1) * all.intervalSeconds) }, all);
    states.push(state);
  });
  return states;
}

const letters = (states: CheckState[]) => states.map(({ state }) => ({ up: "u", degraded: "g", down: "d", unknown: "?" })[state]).join("");

describe("states of a check", () => {
  test.each([
    ["first good reading", "u", "u", {}],
    ["first failure proves nothing", "d", "?", {}],
    ["second failure in a row is down", "dd", "?d", {}],
    ["one failure between good ones changes nothing", "uduu", "uuuu", {}],
    ["two failures are down", "udd", "uud", {}],
    ["failures must follow each other", "ududud", "uuuuuu", {}],
    ["down at once when asked to", "ud", "ud", { failuresBeforeDown: 1 }],
    ["five failures before down", "uddddd", "uuuuud", { failuresBeforeDown: 5 }],
    ["up after one good reading", "uddu", "uudu", {}],
    ["up after three good readings", "udduuu", "uudddu", { successesBeforeUp: 3 }],
    ["a failure starts recovery over", "udduuduuu", "uuddddddu", { successesBeforeUp: 3 }],
    ["degraded is not a failure", "uggg", "uggg", {}],
    ["degraded and up follow each other at once", "ugugu", "ugugu", {}],
    ["degraded counts as recovery", "uddg", "uudg", {}],
    ["recovery by degraded and up", "uddgu", "uuddu", { successesBeforeUp: 2 }],
    ["failures from degraded", "gdd", "ggd", {}],
    ["degraded between failures starts over", "udgd", "uugg", {}],
    ["unknown neither fails nor recovers", "ud?d", "uuud", {}],
    ["unknown keeps a fresh state", "u??", "uuu", {}],
    ["unknown wins when the facts are stale", "u?????", "uuuu??", {}],
    ["unknown never makes down", "u??????????", "uuuu???????", {}],
    ["unknown keeps down while it is fresh", "udd?", "uudd", {}],
    ["unknown ends down when it is stale", "udd????", "uudddd?", {}],
    ["after unknown one good reading is up", "u?????u", "uuuu??u", {}],
    ["after unknown one failure is not down", "u?????d", "uuuu???", {}],
    ["a new check that only meets unknown", "????", "????", {}],
  ] as const)("%s", (...[, verdicts, expected, rules]) => {
    expect(letters(play(verdicts, rules))).toBe(expected);
  });

  it("says since when and why", () => {
    const [, , down] = play("udd");
    expect(down).toMatchObject({ state: "down", stateSince: after(90), stateReason: "down 2", consecutiveFailures: 2 });
    const [, , , stillDown] = play("uddd");
    expect(stillDown).toMatchObject({ stateSince: after(90), stateReason: "down 3" });
  });

  it("keeps the reason of the state while a change is not confirmed", () => {
    const [, failing] = play("ud");
    expect(failing).toMatchObject({ state: "up", stateReason: "up 0", consecutiveFailures: 1 });
  });

  it("tells why nothing is known yet", () => {
    expect(play("d")[0]).toMatchObject({ state: "unknown", stateReason: "down 0" });
    expect(play("?")[0]).toMatchObject({ state: "unknown", stateReason: "unknown 0", lastKnownAt: null });
  });
});

const anyVerdicts = fc.array(fc.constantFrom("u", "g", "d", "?"), { maxLength: 60 }).map((list) => list.join(""));
const anyRules = fc.record({ failuresBeforeDown: fc.integer({ min: 1, max: 6 }), successesBeforeUp: fc.integer({ min: 1, max: 6 }) });

describe("whatever is read", () => {
  it("down is entered only by enough failures in a row, unknowns apart", () => {
    fc.assert(
      fc.property(anyVerdicts, anyRules, (verdicts, rules) => {
        const states = play(verdicts, rules);
        const entered = states.flatMap(({ state }, i) => (state === "down" && states[i - 1]?.state !== "down" ? [verdicts.slice(0, i + 1).replaceAll("?", "")] : []));
        expect(entered.every((known) => known.endsWith("d".repeat(rules.failuresBeforeDown)))).toBe(true);
      }),
    );
  });

  it("up is entered only by a good reading", () => {
    fc.assert(
      fc.property(anyVerdicts, anyRules, (verdicts, rules) => {
        const states = play(verdicts, rules);
        const entered = states.flatMap(({ state }, i) => (state === "up" && states[i - 1]?.state !== "up" ? [verdicts[i]] : []));
        expect(entered.every((letter) => letter === "u")).toBe(true);
      }),
    );
  });

  it("an unknown reading leads to the same state or to unknown", () => {
    fc.assert(
      fc.property(anyVerdicts, anyRules, (verdicts, rules) => {
        const last = play(verdicts, rules).at(-1) ?? NEW;
        const [next] = play("?", rules, last);
        expect([last.state, "unknown"]).toContain(next?.state);
      }),
    );
  });

  it("a state's beginning never moves without a change of state", () => {
    fc.assert(
      fc.property(anyVerdicts, (verdicts) => {
        const states = [NEW, ...play(verdicts)];
        const moved = states.filter((state, i) => state.state === states[i - 1]?.state && state.stateSince !== states[i - 1]?.stateSince);
        expect(moved).toEqual([]);
      }),
    );
  });
});

describe("freshness", () => {
  test.each([
    [5, 60],
    [20, 60],
    [30, 90],
    [3_600, 10_800],
  ])("every %d s is fresh for %d s", (intervalSeconds, seconds) => {
    expect(freshForMs(intervalSeconds)).toBe(seconds * 1_000);
    expect(isStale(START, intervalSeconds, after(seconds))).toBe(false);
    expect(isStale(START, intervalSeconds, after(seconds + 0.001))).toBe(true);
  });

  it("what was never measured is not stale", () => expect(isStale(null, 30, START)).toBe(false));
  it("a clock that stepped back makes nothing stale", () => expect(isStale(after(7_200), 30, START)).toBe(false));
});

describe("the state of a service", () => {
  const check = (state: State, more: { name?: string; stateReason?: string; isPaused?: boolean } = {}) => ({ name: state, stateReason: `is ${state}`, isPaused: false, state, ...more });

  test.each([
    [["up", "up"], "up"],
    [["up", "degraded"], "degraded"],
    [["up", "unknown"], "unknown"],
    [["unknown", "degraded"], "degraded"],
    [["degraded", "down", "unknown", "up"], "down"],
  ] as const)("of %j is %s", (states, expected) => {
    expect(rollUpService(states.map((state) => check(state))).state).toBe(expected);
  });

  it("is unknown without checks", () => expect(rollUpService([])).toEqual({ state: "unknown", reason: NO_CHECKS }));
  it("is unknown when all are paused", () => expect(rollUpService([check("down", { isPaused: true })])).toEqual({ state: "unknown", reason: ALL_PAUSED }));
  it("leaves paused checks out", () => expect(rollUpService([check("down", { isPaused: true }), check("up")]).state).toBe("up"));
  it("names the check when there are several", () => expect(rollUpService([check("up"), check("down", { name: "db" })]).reason).toBe("db: is down"));
  it("has no reason to be up", () => expect(rollUpService([check("up")]).reason).toBe(""));

  it("does not depend on the order of checks", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STATES), { minLength: 1 }), (states) => {
        const forward = rollUpService(states.map((state) => check(state))).state;
        expect(rollUpService(states.toReversed().map((state) => check(state))).state).toBe(forward);
      }),
    );
  });
});
