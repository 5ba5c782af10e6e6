/**
 * How a plan stands, in one sentence and as states that alerts read. Pure. "Restorable as of" is said only of a backup
 * that a drill restored; a backup that nobody restored is a hope, and the sentence says that too.
 */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../platform/clock.ts";
import { countInWords, momentInWords, secondsInWords, spanInWords } from "./units.ts";

/** What is wrong with a plan, worst first. */
export const TROUBLES = ["failed", "overdue", "drillFailed", "suspect", "uploadFailed", "lostCopies", "noDrill", "unencrypted"] as const;
export type Trouble = (typeof TROUBLES)[number];

export type Level = "ok" | "warn" | "fail" | "unknown" | "paused";

export type PlanFacts = {
  timeZone: string;
  isPaused: boolean;
  hasSource: boolean;
  rpoMinutes: number;
  rtoMinutes: number;
  isEncrypted: boolean;
  nextRunAt: Date | null;
  isRunning: boolean;
  createdAt: Date;
  /** The newest run that ended. */
  lastRun: { state: "stored" | "verified" | "suspect" | "failed" | "cancelled"; problem: string | null; hasFailedUpload: boolean } | null;
  /** The newest backup that may be used: stored and not suspect, or verified. */
  lastGood: { dataAsOf: Date } | null;
  lastVerified: { dataAsOf: Date; verifiedAt: Date; restoreSeconds: number | null } | null;
  lastDrill: { state: "passed" | "failed"; finishedAt: Date } | null;
  /** Copies that were stored and are not where they were. */
  lostCopies: number;
  /** Longest time that may pass between passed drills. */
  drillPeriodMs: number;
};

export type Standing = {
  level: Level;
  /** The first clause, which answers "are we OK?". */
  lead: string;
  /** The rest, empty when nothing is to be added. */
  detail: string;
  troubles: Trouble[];
  /** Age of the newest good backup's data in milliseconds: what would be lost now. Null without one. */
  dataAtRiskMs: number | null;
  /** Age of the newest proven data. */
  verifiedAgeMs: number | null;
};

/** A run that is this late is missed: workers look every few seconds, and a restart takes less than this. */
const OVERDUE_MS = 10 * MINUTE_MS;
/** An interval plus the run's own time: an objective is not missed while the next run is being written. */
export const RPO_GRACE_MS = HOUR_MS;

function troublesOf(facts: PlanFacts, now: Date): Trouble[] {
  const { lastRun, lastGood, lastVerified, lastDrill } = facts;
  const isLate = facts.nextRunAt !== null && !facts.isRunning && now.getTime() - facts.nextRunAt.getTime() > OVERDUE_MS;
  const oldestAllowed = now.getTime() - facts.rpoMinutes * MINUTE_MS - RPO_GRACE_MS;
  const since = lastGood?.dataAsOf ?? facts.createdAt;
  const drilledSince = lastVerified?.verifiedAt ?? facts.createdAt;
  const found: Record<Trouble, boolean> = {
    failed: lastRun?.state === "failed",
    overdue: !facts.isPaused && facts.hasSource && (isLate || since.getTime() < oldestAllowed),
    drillFailed: lastDrill?.state === "failed",
    suspect: lastRun?.state === "suspect",
    uploadFailed: lastRun?.hasFailedUpload === true,
    lostCopies: facts.lostCopies > 0,
    noDrill: now.getTime() - drilledSince.getTime() > facts.drillPeriodMs,
    unencrypted: !facts.isEncrypted,
  };
  return TROUBLES.filter((trouble) => found[trouble]);
}

function proofOf(facts: PlanFacts, now: Date): string {
  const { lastVerified, lastGood, timeZone } = facts;
  if (lastVerified) {
    const provenMs = now.getTime() - lastVerified.verifiedAt.getTime();
    const proven = provenMs < SECOND_MS ? "just now" : `${spanInWords(provenMs)} ago`;
    const restore = lastVerified.restoreSeconds === null ? "" : `, restore takes ${secondsInWords(lastVerified.restoreSeconds)}`;
    return `Restorable as of ${momentInWords(lastVerified.dataAsOf, now, timeZone)}, proven ${proven}${restore}.`;
  }
  if (lastGood) return `Stored as of ${momentInWords(lastGood.dataAsOf, now, timeZone)}, not yet proven by a restore.`;
  if (facts.lostCopies > 0) return "No store holds a backup any more.";
  if (facts.isRunning) return "The first backup is being taken.";
  return facts.hasSource ? "No backup yet." : "Found in a store; say what to back up to go on.";
}

const WORDS: Record<Trouble, (facts: PlanFacts) => string> = {
  failed: ({ lastRun }) => `The last run failed: ${(lastRun?.problem ?? "no reason was recorded").replace(/\.$/, "")}.`,
  overdue: ({ nextRunAt }) => (nextRunAt === null ? "No backup is young enough for the objective." : "A backup is overdue."),
  drillFailed: () => "The last drill could not prove a restore.",
  suspect: () => "The newest backup is suspect.",
  uploadFailed: () => "The newest backup did not reach every store.",
  lostCopies: ({ lostCopies }) => (lostCopies === 1 ? "A copy is not in its store any more." : `${countInWords(lostCopies)} copies are not in their stores any more.`),
  noDrill: () => "No drill has passed within its period.",
  unencrypted: () => "Backups are not encrypted.",
};

const FAILING = new Set<Trouble>(["failed", "overdue", "drillFailed"]);

function levelOf(facts: PlanFacts, troubles: readonly Trouble[]): Level {
  if (facts.isPaused) return "paused";
  const isAllLost = facts.lostCopies > 0 && facts.lastGood === null;
  if (isAllLost || troubles.some((trouble) => FAILING.has(trouble))) return "fail";
  if (troubles.length > 0) return "warn";
  return facts.lastVerified === null ? "unknown" : "ok";
}

/** Says how a plan stands at `now`. */
export function standingOf(facts: PlanFacts, now: Date): Standing {
  const troubles = troublesOf(facts, now);
  const said = troubles.map((trouble) => WORDS[trouble](facts));
  const age = (at: Date | undefined) => (at === undefined ? null : Math.max(0, now.getTime() - at.getTime()));
  return {
    level: levelOf(facts, troubles),
    lead: proofOf(facts, now),
    detail: [...(facts.isPaused ? ["Paused: no run is planned."] : []), ...said].join(" "),
    troubles,
    dataAtRiskMs: age(facts.lastGood?.dataAsOf),
    verifiedAgeMs: age(facts.lastVerified?.dataAsOf),
  };
}
