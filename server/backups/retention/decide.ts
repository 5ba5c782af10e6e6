/**
 * Which copies of one plan in one store stay and which go, each with the rule that says so. Pure: the same answer for
 * the preview, the job and the audit.
 *
 * Only good copies (verified, or stored and not suspect) fill the places of a rule, so fifty newer bad ones push nothing
 * out. The newest verified and the newest good copy stay whatever their age; locked copies stay; a copy whose manifest cannot
 * be read stays, because nobody knows what it is. Age is taken from our own record, never from the store's clock.
 */
import { DAY_MS } from "../../platform/clock.ts";
import type { RetentionPolicy } from "../schema/retention-policy.ts";

export type Candidate = {
  id: string;
  /** When the backup was taken, by our own record. */
  takenAt: Date;
  standing: "verified" | "good" | "suspect" | "failed" | "busy";
  lockReason: string | null;
  manifestProblem: string | null;
};

export type Decision = { id: string; goes: boolean; rule: string };

export type Verdict = {
  decisions: Decision[];
  stays: number;
  goes: number;
  /** Why nothing is deleted now although something would go; null when the pass may run. */
  refusal: string | null;
};

export type Circumstances = {
  now: Date;
  zone: string;
  /** The newest finished run of the plan failed. */
  isNewestFailed: boolean;
  /** Since when the clock has run without a jump; null when that is not known. */
  steadySince: Date | null;
};

type Period = "hourly" | "daily" | "weekly" | "monthly" | "yearly";
const PERIODS: readonly Period[] = ["hourly", "daily", "weekly", "monthly", "yearly"];

/** After a jump of the clock nothing is deleted until it ran steadily for this long. */
export const STEADY_MS = DAY_MS;
/** A pass that would delete more than this share of the copies waits for a person. */
export const BRAKE_SHARE = 0.5;

/** Names the period that a local time falls into. Weeks are ISO weeks, which begin on Monday. */
function periodOf(local: Temporal.ZonedDateTime, period: Period): string {
  switch (period) {
    case "hourly":
      return `${local.toPlainDate().toString()}T${local.hour}${local.offset}`;
    case "daily":
      return local.toPlainDate().toString();
    case "weekly":
      return `${local.yearOfWeek}-W${local.weekOfYear}`;
    case "monthly":
      return `${local.year}-${local.month}`;
    case "yearly":
      return String(local.year);
    default:
      return period satisfies never;
  }
}

const isGood = (candidate: Candidate) => candidate.manifestProblem === null && (candidate.standing === "verified" || candidate.standing === "good");

/** The rules that count places, newest copies first. */
function placesOf(policy: RetentionPolicy, good: readonly Candidate[], zone: string): Map<string, string> {
  const kept = new Map<string, string>();
  good.slice(0, policy.keepLast).forEach(({ id }, index) => kept.set(id, `last ${index + 1} of ${policy.keepLast}`));
  const wanted = PERIODS.filter((period) => policy[period] > 0);
  if (wanted.length === 0) return kept;
  const seen = new Map(wanted.map((period) => [period, new Set<string>()]));
  for (const { id, takenAt } of good) {
    if (wanted.every((period) => (seen.get(period)?.size ?? 0) >= policy[period])) break;
    const local = Temporal.Instant.fromEpochMilliseconds(takenAt.getTime()).toZonedDateTimeISO(zone);
    for (const period of wanted) {
      const periods = seen.get(period);
      const name = periodOf(local, period);
      if (!periods || periods.size >= policy[period] || periods.has(name)) continue;
      periods.add(name);
      if (!kept.has(id)) kept.set(id, `${period}, ${periods.size} of ${policy[period]}`);
    }
  }
  return kept;
}

type Anchors = { newestVerified: Candidate | undefined; newestGood: Candidate | undefined; places: Map<string, string>; oldestKept: number; days: number };

function ruleThatKeeps(candidate: Candidate, anchors: Anchors): string | null {
  if (candidate.standing === "busy") return "still being written";
  if (candidate.lockReason !== null) return `locked: ${candidate.lockReason}`;
  if (candidate.manifestProblem !== null) return "its manifest cannot be read";
  if (candidate === anchors.newestVerified) return "last verified";
  if (candidate === anchors.newestGood) return "newest good copy";
  if (candidate.standing === "suspect" && anchors.newestGood === undefined) return "no good copy exists";
  if (candidate.takenAt.getTime() >= anchors.oldestKept && candidate.standing !== "failed") return `all of ${anchors.days} days`;
  return anchors.places.get(candidate.id) ?? null;
}

function ruleThatDrops(candidate: Candidate, anchors: Anchors): string {
  if (candidate.standing === "failed") return "left over from a failed run";
  if (candidate.standing === "suspect" && anchors.newestVerified && anchors.newestVerified.takenAt > candidate.takenAt) return "suspect, newer proof";
  return `past ${anchors.days} days`;
}

function refusalOf(verdict: { goes: number; stays: number }, circumstances: Circumstances): string | null {
  const { now, steadySince, isNewestFailed } = circumstances;
  if (verdict.goes === 0) return null;
  if (steadySince === null || now.getTime() - steadySince.getTime() < STEADY_MS) return "The clock jumped or was just set; nothing is deleted until it has run steadily for a day.";
  if (isNewestFailed) return "The newest backup failed; nothing is deleted until one succeeds.";
  if (verdict.goes > (verdict.goes + verdict.stays) * BRAKE_SHARE) return "More than half of the copies would go; that waits for an administrator.";
  return null;
}

/** Decides over all copies of a plan in a store, in any order. Answers in the order given. */
export function decideRetention(policy: RetentionPolicy, candidates: readonly Candidate[], circumstances: Circumstances): Verdict {
  const newestFirst = [...candidates].sort((a, b) => b.takenAt.getTime() - a.takenAt.getTime() || (a.id < b.id ? 1 : -1));
  const good = newestFirst.filter(isGood);
  const anchors: Anchors = {
    newestVerified: good.find(({ standing }) => standing === "verified"),
    newestGood: good[0],
    places: placesOf(policy, good, circumstances.zone),
    oldestKept: circumstances.now.getTime() - policy.withinDays * DAY_MS,
    days: policy.withinDays,
  };
  const decisions = candidates.map((candidate) => {
    const keeps = ruleThatKeeps(candidate, anchors);
    return { id: candidate.id, goes: keeps === null, rule: keeps ?? ruleThatDrops(candidate, anchors) };
  });
  const goes = decisions.filter((decision) => decision.goes).length;
  const counts = { goes, stays: decisions.length - goes };
  return { decisions, ...counts, refusal: refusalOf(counts, circumstances) };
}
