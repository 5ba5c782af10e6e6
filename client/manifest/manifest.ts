/**
 * Reads a manifest, plans and carries out what it wants, and writes one from a console. A plan is shown before anything
 * changes; carrying it out again changes nothing, so a run that broke off is simply repeated.
 */
import type { SeaworthyClient } from "../index.ts";
import { FORMAT_VERSION, ManifestError, parseText, writeText, type Fields } from "./document.ts";
import { planSection } from "./plan.ts";
import type { Change, Env, Item, Section } from "./section.ts";
import { SECTIONS, TOP_KEYS } from "./sections.ts";

type Wanted = { section: Section<unknown>; items: Item[] };

const pathText = (path: readonly (string | number)[]) => path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("").replace(/^\./, "");

/** What a file wants, by section. Throws ManifestError with every problem and its line. */
export function readManifest(text: string, env: Env): Wanted[] {
  const { data, lineOf } = parseText(text);
  const problems: { line: number; text: string }[] = [];
  const report = (path: readonly (string | number)[], message: string) => {
    const line = lineOf(path) ?? lineOf(path.slice(0, -1));
    problems.push({ line: line ?? 0, text: `${line === null ? "" : `line ${line}: `}${pathText(path)} ${message}` });
  };
  for (const key of Object.keys(data)) if (!TOP_KEYS.includes(key)) report([key], `is not known. Known are ${TOP_KEYS.join(", ")}.`);
  const wanted = SECTIONS.filter((section) => section.isNamed(data)).map((section) => ({ section, items: section.parse(data, { report, env }) }));
  const distinct = new Map(problems.map((problem) => [problem.text, problem]));
  if (distinct.size > 0) throw new ManifestError([...distinct.values()].toSorted((a, b) => a.line - b.line).map((problem) => problem.text));
  return wanted;
}

export type Step = { section: Section<unknown>; change: Change<unknown> };

/** Every step from what the console has to what the file wants. Things go before their parts and leave after them. */
export async function planManifest(client: SeaworthyClient, wanted: readonly Wanted[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { section, items } of wanted) {
    const actual = await section.fetch(client);
    steps.push(...planSection(items, actual, section.kept).map((change) => ({ section, change })));
  }
  const isRemoval = ({ change }: Step) => change.action === "remove";
  return [...steps.filter((step) => !isRemoval(step)), ...steps.filter(isRemoval).toReversed()];
}

/** Removals happen only with `isPruning`; without it they are listed as left alone. */
export function splitSteps(steps: readonly Step[], isPruning: boolean): { todo: Step[]; leftAlone: Step[] } {
  const isLeft = ({ section, change }: Step) => change.action === "remove" && !(isPruning && section.isRemovable);
  return { todo: steps.filter((step) => !isLeft(step)), leftAlone: steps.filter(isLeft) };
}

/** Carries out steps one after another; `done` hears of each. The first failure stops the rest and is thrown. */
export async function carryOut(client: SeaworthyClient, steps: readonly Step[], done: (step: Step) => void): Promise<void> {
  for (const step of steps) {
    await step.section.apply(client, step.change);
    done(step);
  }
}

/** The whole console as a manifest: same state, same bytes. */
export async function exportManifestText(client: SeaworthyClient): Promise<string> {
  const file: Fields = { version: FORMAT_VERSION };
  for (const section of SECTIONS) section.write(await section.fetch(client), file);
  return writeText(file);
}

export { ManifestError };
