import { decide, seen, WATCHED_MS, type Rule } from "../rule.ts";
import { planHref } from "./backup-words.ts";
import { nameList } from "./words.ts";

const TARGET = "a plan that runs";

export const backupPlanned: Rule = {
  id: "backup-planned",
  title: "Its data is backed up by a plan",
  why: "Data that nothing backs up is lost with its disk.",
  fix: "Add a backup plan and choose this service in it, or choose the service in the plan that is there.",
  category: "database",
  severity: "critical",
  weight: 3,
  freshForMs: WATCHED_MS,
  judge: ({ backups, service }) => {
    const [first] = backups;
    if (!first) return decide(false, { value: "no plan", target: TARGET, at: service.updatedAt, evidence: seen("Backups", "/backups", { Plans: "none for this service" }) });
    const live = backups.filter(({ isLive }) => isLive);
    const value = live.length > 0 ? nameList(live.map(({ name }) => name)) : backups.some(({ isPaused }) => isPaused) ? "paused" : "no source yet";
    const rows = Object.fromEntries(backups.slice(0, 6).map(({ name, isLive, isPaused }) => [name, isLive ? "runs" : isPaused ? "paused" : "no source"]));
    return decide(live.length > 0, { value, target: TARGET, at: first.at, evidence: seen(backups.length === 1 ? `Plan ${first.name}` : "Backups", backups.length === 1 ? planHref(first) : "/backups", rows) });
  },
};
