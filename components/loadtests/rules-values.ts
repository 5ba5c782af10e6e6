/** The rules as a form holds them, shares in percent, and back. Pure. */
import type { GateRules } from "../../server/loadtests/schema.ts";
import { formatNumber } from "../data/format.ts";

type Figure = number | string;
export type RulesValues = { maxErrorPercent: Figure; maxP95Ms: Figure; relativePercent: Figure; absoluteMs: Figure; leastSamples: Figure };

const HUNDRED = 100;
/** Hundred times 0.07 is 7.000000000000001: what was typed comes back as it was typed. */
const exact = (value: number): number => Number(value.toPrecision(12));

/** What a form begins with. */
export function rulesValues(rules: GateRules): RulesValues {
  return { maxErrorPercent: exact(rules.maxErrorRate * HUNDRED), maxP95Ms: rules.maxP95Ms, relativePercent: exact(rules.relative * HUNDRED), absoluteMs: rules.absoluteMs, leastSamples: rules.leastSamples };
}

/** A number, or what was typed instead, for the schema to refuse. */
const figure = (value: Figure): number => (value === "" ? Number.NaN : Number(value));

/** What the server receives. */
export function rulesInput(values: RulesValues): GateRules {
  return { maxErrorRate: exact(figure(values.maxErrorPercent) / HUNDRED), maxP95Ms: figure(values.maxP95Ms), relative: exact(figure(values.relativePercent) / HUNDRED), absoluteMs: figure(values.absoluteMs), leastSamples: figure(values.leastSamples) };
}

const FIELDS: Record<string, keyof RulesValues> = { maxErrorRate: "maxErrorPercent", relative: "relativePercent" };

/** The form's field for a path of the input. */
export function rulesFieldOf(path: string): string {
  const bare = path.replace(/^rules\./, "");
  return FIELDS[bare] ?? bare;
}

const percent = (ratio: number): string => `${formatNumber(exact(ratio * HUNDRED), 3)} %`;

/** What a run without thresholds of its own is held to, and what counts as worse, in words. */
export const passingWords = (rules: GateRules): string => `at most ${percent(rules.maxErrorRate)} failed, p95 at most ${formatNumber(rules.maxP95Ms, 0)} ms`;
export const worseWords = (rules: GateRules): string => `slower by more than ${percent(rules.relative)} and ${formatNumber(rules.absoluteMs, 1)} ms; p50 with fewer than ${formatNumber(rules.leastSamples, 0)} requests`;
