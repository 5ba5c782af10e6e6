/** The gate as a form holds it, and back. */
import type { UseFormReturnType } from "@mantine/form";
import type { GatePolicy, Measure, Policy } from "../../server/coverage/schema/index.ts";
import { ORDER } from "./words.ts";

type Figure = number | string;
export type LevelValues = { block: Figure; warn: Figure; target: Figure };
/** Levels of one flag; a measure with three empty places has those of the whole. */
export type FlagValues = { flag: string; levels: Record<Measure, LevelValues> };
export type FloorValues = { glob: string; measure: Measure; percent: Figure };

export type GateValues = {
  levels: Record<Measure, LevelValues>;
  flags: FlagValues[];
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

export type GateForm = UseFormReturnType<GateValues>;

const NO_LEVELS: LevelValues = { block: "", warn: "", target: "" };
const byMeasure = <T>(of: (measure: Measure) => T) => Object.fromEntries(ORDER.map((measure) => [measure, of(measure)])) as Record<Measure, T>;

/** A flag that has the levels of the whole until somebody types others. */
export const newFlag = (flag: string): FlagValues => ({ flag, levels: byMeasure(() => NO_LEVELS) });

/** What a form begins with. */
export function gateValues({ gate, defaultBranch, expectedFlags, isBadgePublic, sourceUrl }: Policy): GateValues {
  return {
    levels: gate.levels,
    flags: Object.entries(gate.flags)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([flag, levels]) => ({ flag, levels: byMeasure((measure) => levels[measure] ?? NO_LEVELS) })),
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

const levelsInput = ({ block, warn, target }: LevelValues) => ({ block: figure(block), warn: figure(warn), target: figure(target) });
const isEmpty = ({ block, warn, target }: LevelValues): boolean => block === "" && warn === "" && target === "";

/** Only what differs from the whole; a flag without any is left out. */
function flagsInput(flags: readonly FlagValues[]): GatePolicy["flags"] {
  const own = flags.map(({ flag, levels }) => [flag, Object.fromEntries(ORDER.filter((measure) => !isEmpty(levels[measure])).map((measure) => [measure, levelsInput(levels[measure])]))] as const);
  return Object.fromEntries(own.filter(([, levels]) => Object.keys(levels).length > 0));
}

/** What the server receives. */
export function toPolicyInput(values: GateValues, about: { service: string; policy: Policy }) {
  const { gate, revision } = about.policy;
  const patch = optional(values.patch);
  return {
    service: about.service,
    revision,
    defaultBranch: values.defaultBranch,
    expectedFlags: values.expectedFlags,
    isBadgePublic: values.isBadgePublic,
    sourceUrl: values.sourceUrl.trim() || null,
    gate: {
      levels: byMeasure((measure) => levelsInput(values.levels[measure])),
      flags: flagsInput(values.flags),
      floors: values.floors.map(({ glob, measure, percent }) => ({ glob, measure, percent: figure(percent) })),
      maxDrop: optional(values.maxDrop),
      patch: patch === null ? null : { block: patch, warn: Math.max(patch, gate.patch?.warn ?? patch), target: Math.max(patch, gate.patch?.target ?? patch) },
      failBelow: values.failBelow,
      isInformational: values.isInformational,
    },
  };
}

/** The form's field for a path of the input. Levels that contradict each other are shown at their target. */
export function gateFieldOf(path: string, values: GateValues): string {
  const bare = path.replace(/^gate\./, "");
  if (bare.startsWith("patch")) return "patch";
  if (/^levels\.\w+$/.test(bare)) return `${bare}.target`;
  const index = values.flags.findIndex(({ flag }) => bare.startsWith(`flags.${flag}.`));
  const flag = values.flags[index];
  if (!flag) return bare;
  const rest = bare.slice(`flags.${flag.flag}.`.length);
  return `flags.${index}.levels.${rest.includes(".") ? rest : `${rest}.target`}`;
}
