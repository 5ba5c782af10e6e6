import { decide, seen, unknown, WATCHED_MS, type Rule } from "../rule.ts";
import { plural } from "./words.ts";

export const limitsShared: Rule = {
  id: "limits-shared",
  title: "Limits are counted by all processes together",
  why: "Counted apart, each process allows the whole figure again.",
  fix: "Bring the shared store back, or run a single web process.",
  category: "reliability",
  severity: "medium",
  weight: 1,
  freshForMs: WATCHED_MS,
  appliesTo: (facts) => facts.console !== null,
  judge: (facts) => {
    if (!facts.console) return unknown("not read", "together");
    const { limits: { store }, telemetry: { web } } = facts.console;
    const holds = store === "shared" || (store === "process" && web <= 1);
    const value = { shared: "in the shared store", "shared-away": "the shared store is away", process: `in ${plural(Math.max(1, web), "process", "processes")}` }[store];
    return decide(holds, { value, target: "together", at: facts.console.at, evidence: seen("Limits", "/limits", { Store: store, "Web processes": web }) });
  },
};
