/** The gate as a form holds it, and back. */
import type { GatePolicy, Measure, Policy } from "../../server/coverage/schema/index.ts";
import { ORDER } from "./words.ts";

type Figure = number | string;
export type LevelValues = { block: Figure; warn: Figure; target: Figure };
export type FloorValues = { glob: string; measure: Measure; percent: Figure };

export type GateValues = {
  levels: Record<Measure, LevelValues>;
  maxDrop: Figure;
  patch: Figure;
  failBelow: GatePolicy["failBelow"];
  isInformational: boolean;
  floors: FloorValues[];
  defaultBranch: string;
  expectedFlags: string[];
  isBadgePublic: boolean;
  sourceUrl: string;
};

/** What a form begins with. */
export function gateValues({ gate, defaultBranch, expectedFlags, isBadgePublic, sourceUrl }: Policy): GateValues {
  return {
    levels: gate.levels,
    maxDrop: gate.maxDrop ?? "",
    patch: gate.patch?.block ?? "",
    failBelow: gate.failBelow,
    isInformational: gate.isInformational,
    floors: gate.floors,
    defaultBranch,
    expectedFlags,
    isBadgePublic,
    sourceUrl: sourceUrl ?? "",
  };
}

/** A number, or what was typed instead, for the schema to refuse. */
const figure = (value: Figure): number => (value === "" ? Number.NaN : Number(value));
const optional = (value: Figure): number | null => (value === "" ? null : Number(value));

/** What the server receives; flags keep the levels they have. */
export function toPolicyInput(values: GateValues, about: { service: string; policy: Policy }) {
  const { gate, revision } = about.policy;
  const patch = optional(values.patch);
  const levels = Object.fromEntries(ORDER.map((measure) => [measure, { block: figure(values.levels[measure].block), warn: figure(values.levels[measure].warn), target: figure(values.levels[measure].target) }])) as GatePolicy["levels"];
  return {
    service: about.service,
    revision,
    defaultBranch: values.defaultBranch,
    expectedFlags: values.expectedFlags,
    isBadgePublic: values.isBadgePublic,
    sourceUrl: values.sourceUrl.trim() || null,
    gate: {
      levels,
      flags: gate.flags,
      floors: values.floors.map(({ glob, measure, percent }) => ({ glob, measure, percent: figure(percent) })),
      maxDrop: optional(values.maxDrop),
      patch: patch === null ? null : { block: patch, warn: Math.max(patch, gate.patch?.warn ?? patch), target: Math.max(patch, gate.patch?.target ?? patch) },
      failBelow: values.failBelow,
      isInformational: values.isInformational,
    },
  };
}

/** The form's field for a path of the input. */
export function gateFieldOf(path: string): string {
  const bare = path.replace(/^gate\./, "");
  if (bare.startsWith("patch")) return "patch";
  // Levels that contradict each other are shown at their target.
  return /^levels\.\w+$/.test(bare) ? `${bare}.target` : bare;
}
