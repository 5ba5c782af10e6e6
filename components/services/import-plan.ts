/** From a file to steps, in the browser: the same importers, plan and order as the command line has. Loaded when asked for. */
import type { SeaworthyClient } from "../../client/index.ts";
import { ImportError } from "../../client/import/imported.ts";
import { toManifest, type ImportFormat } from "../../client/import/formats.ts";
import { describeChange } from "../../client/manifest/plan.ts";
import { carryOut, ManifestError, planManifest, readManifest, splitSteps, type Step } from "../../client/manifest/manifest.ts";

export type Source = ImportFormat | "manifest";

export type ImportPlan = {
  steps: Step[];
  /** What will change, a line each: "+ service shop". */
  lines: string[];
  /** What could not be taken over, each with its reason. */
  notes: string[];
};

/** Reads the file and compares it with the console. Throws an Error with a sentence for the person when the file is of no use. */
export async function makePlan(client: SeaworthyClient, source: Source, text: string): Promise<ImportPlan> {
  try {
    const { manifest, secrets, notes } = source === "manifest" ? { manifest: text, secrets: {}, notes: [] } : await toManifest(source, text);
    const { todo } = splitSteps(await planManifest(client, readManifest(manifest, secrets)), false);
    return { steps: todo, lines: todo.flatMap(({ section, change }) => describeChange(section.thing, change)), notes };
  } catch (error) {
    if (error instanceof ImportError || error instanceof ManifestError) throw new Error(error.message, { cause: error });
    throw error;
  }
}

/** Carries the plan out, one step after another; `done` hears how many are. The first failure ends it and is thrown. */
export function carryOutPlan(client: SeaworthyClient, { steps }: ImportPlan, done: (count: number) => void): Promise<void> {
  let count = 0;
  return carryOut(client, steps, () => done(++count));
}
