/**
 * One run beside another. Worse means worse by more than a relative and an absolute floor, so that neither a fast service
 * fails for two milliseconds nor a slow one for noise. With few requests the median is compared: a tail of five samples
 * says nothing. A figure that the new run does not tell counts as worse. Pure.
 */
import type { Delta, Figures, GateRules } from "./schema.ts";

type Compared = { isRegression: boolean; measure: "p50" | "p95"; deltas: Delta[] };

const ms = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`);
const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

type Kind = { name: string; isMoreWorse: boolean; relative: number; floor: number; show: (value: number) => string };

function delta(kind: Kind, base: number | null, now: number | null): Delta {
  const { name, isMoreWorse, relative, floor, show } = kind;
  if (base === null) return { metric: name, base, now, change: null, verdict: "same", words: now === null ? "told by neither" : `${show(now)}, not told before` };
  if (now === null) return { metric: name, base, now, change: null, verdict: "absent", words: `was ${show(base)}, not told now` };
  const change = base === 0 ? null : (now - base) / base;
  const growth = isMoreWorse ? now - base : base - now;
  const isMuch = (amount: number) => amount > floor && amount > Math.abs(base) * relative;
  const verdict = isMuch(growth) ? "worse" : isMuch(-growth) ? "better" : "same";
  const by = change === null ? "" : `, ${change >= 0 ? "+" : "−"}${percent(Math.abs(change))}`;
  return { metric: name, base, now, change, verdict, words: `${show(base)} → ${show(now)}${by}` };
}

/** Requests a second vary with the machine that loads; a fifth is noise. */
const RATE_NOISE = 0.2;

/** Compares figures. Latency and errors decide; throughput is told. */
export function compareFigures(base: Figures, now: Figures, rules: GateRules): Compared {
  const isFew = base.requests < rules.leastSamples || now.requests < rules.leastSamples;
  const measure = isFew ? "p50" : "p95";
  const latency = (name: "p50" | "p90" | "p95" | "p99" | "avg") => delta({ name, isMoreWorse: true, relative: rules.relative, floor: rules.absoluteMs, show: ms }, base[name], now[name]);
  const errors = delta({ name: "errorRate", isMoreWorse: true, relative: rules.relative, floor: rules.maxErrorRate / 2, show: percent }, base.errorRate, now.errorRate);
  const rate = delta({ name: "rate", isMoreWorse: false, relative: RATE_NOISE, floor: 0, show: (value) => `${value.toFixed(1)}/s` }, base.rate, now.rate);
  const deltas = [latency("p50"), latency("p90"), latency("p95"), latency("p99"), latency("avg"), errors, rate].map((row): Delta => (isFew && (row.metric === "p95" || row.metric === "p99" || row.metric === "p90") && row.verdict !== "absent" ? { ...row, verdict: "few" } : row));
  const decides = new Set<string>([measure, "errorRate"]);
  const isRegression = deltas.some((row) => decides.has(row.metric) && (row.verdict === "worse" || row.verdict === "absent"));
  return { isRegression, measure, deltas };
}

/** One sentence about the deciding figures. */
export function comparisonWords({ deltas, measure, isRegression }: Compared): string {
  const worse = deltas.filter((row) => (row.metric === measure || row.metric === "errorRate") && (row.verdict === "worse" || row.verdict === "absent"));
  const row = worse[0] ?? deltas.find(({ metric }) => metric === measure);
  if (!row) return "nothing to compare";
  return `${row.metric === "errorRate" ? "errors" : row.metric} ${row.words}${isRegression ? "" : ", within bounds"}`;
}
