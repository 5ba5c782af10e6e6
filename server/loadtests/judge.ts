/** What a run proves: which profile it was, whether it passed, and every reason why not. Pure. */
import type { Parsed } from "./parsers/parsed.ts";
import { PROFILE_USERS, type Figures, type GateRules, type Profile, type Threshold, type Verdict } from "./schema.ts";

const MINUTE_MS = 60_000;
/** A run of half an hour or more under the users of `basic` is a soak. */
const SOAK_MS = 30 * MINUTE_MS;
/** Tools ramp up and count differently: a tenth fewer users still are that profile. */
const NEARLY = 0.9;

/** The profile that the users and the length make; custom below ten users or when they are not told. */
export function guessProfile({ users, durationMs }: Pick<Figures, "users" | "durationMs">): Profile {
  if (users === null || users < PROFILE_USERS.smoke) return "custom";
  if (users >= PROFILE_USERS.stress) return "stress";
  if (users >= PROFILE_USERS.spike) return "spike";
  if (users >= PROFILE_USERS.basic) return (durationMs ?? 0) >= SOAK_MS ? "soak" : "basic";
  return "smoke";
}

/** Users that a passed run proves: those of its profile, never more than the run had. */
export function provenUsers(profile: Profile, users: number | null): number {
  if (profile === "custom") return users ?? 0;
  const claimed = PROFILE_USERS[profile];
  return users === null || users >= claimed * NEARLY ? claimed : users;
}

const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;

/** True when the script itself set a bound for this metric. */
const isBound = (thresholds: readonly Threshold[], metric: RegExp, expression: RegExp): boolean => thresholds.some((threshold) => metric.test(threshold.metric) && expression.test(threshold.expression));

/** Passed, failed with reasons, or empty. A figure that is not told fails: what nobody measured is not proven. */
export function judgeRun(parsed: Pick<Parsed, "figures" | "thresholds">, profile: Profile, rules: GateRules): { verdict: Verdict; reasons: string[] } {
  const { figures, thresholds } = parsed;
  if (figures.requests === 0) return { verdict: "empty", reasons: ["The run has no samples, so it proves nothing."] };
  const reasons = thresholds.filter(({ ok }) => !ok).map(({ metric, expression }) => `Threshold not held: ${metric} ${expression}.`);
  if (figures.errorRate === null) reasons.push("The report tells no error rate.");
  else if (figures.errorRate > rules.maxErrorRate && !isBound(thresholds, /failed|error/, /rate|value/)) reasons.push(`${percent(figures.errorRate)} of the requests failed; at most ${percent(rules.maxErrorRate)} may.`);
  const bound = isBound(thresholds, /duration|response_time|latency/, /p\(9\d/);
  const latency = figures.requests < rules.leastSamples ? figures.p50 : figures.p95;
  const measure = figures.requests < rules.leastSamples ? "p50" : "p95";
  if (latency === null) reasons.push(`The report tells no ${measure}.`);
  else if (latency > rules.maxP95Ms && !bound) reasons.push(`${measure} is ${Math.round(latency)} ms; at most ${rules.maxP95Ms} ms may be.`);
  if (profile !== "custom" && figures.users !== null && figures.users < PROFILE_USERS[profile] * NEARLY) reasons.push(`The profile ${profile} stands for ${PROFILE_USERS[profile]} users; the run had ${figures.users}.`);
  return { verdict: reasons.length > 0 ? "failed" : "passed", reasons };
}
