/** Plan, then carry out: what `apply` and `import` share. */
import { describeChange } from "../manifest/plan.ts";
import { carryOut, ManifestError, planManifest, readManifest, splitSteps, type Step } from "../manifest/manifest.ts";
import { CliError, EXIT, type Answer, type World } from "./command.ts";
import { explain } from "./failures.ts";

const isWord = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

const describe = ({ section, change }: Step) => describeChange(section.thing, change);

function plain({ section, change }: Step): object {
  const changes = change.action === "update" ? { changes: change.changes } : {};
  return { thing: section.thing, action: change.action, key: change.key, ...changes };
}

async function carry(world: World, todo: Step[]): Promise<void> {
  let count = 0;
  const client = world.client();
  try {
    await carryOut(client, todo, ({ section, change }) => {
      count += 1;
      world.progress(`${count}/${todo.length} ${change.action} ${section.thing} ${change.key}`);
    });
  } catch (error) {
    // A thing that the file names and the console does not have is found only now.
    const explained = error instanceof ManifestError ? new CliError(error.message, EXIT.failed) : explain(error, world.connection().url);
    if (!(explained instanceof CliError)) throw explained;
    const next = todo[count];
    throw new CliError(`${isWord(count, "change")} of ${todo.length} done; ${next?.section.thing} ${next?.change.key} failed: ${explained.message}\nRun it again to go on from here.`, explained.exitCode);
  }
}

type Manner = {
  /** Only show the plan. */
  isDry: boolean;
  /** What becomes of things that the file does not list: named and kept, removed, or not spoken of. */
  rest: "keep" | "remove" | "ignore";
  /** Lines to show first. */
  notes: readonly string[];
};

/** Reads the text, shows the plan and, unless `isDry`, carries it out. Throws CliError for a file with problems. */
export async function applyText(world: World, text: string, { isDry, rest, notes }: Manner): Promise<Answer> {
  const steps = await planManifest(world.client(), readable(text, world));
  const { todo, leftAlone } = splitSteps(steps, rest === "remove");
  if (!isDry) await carry(world, todo);
  const left = leftAlone.length > 0 && rest !== "ignore" ? [`${isWord(leftAlone.length, "thing")} of the console not in the file, left alone (--prune removes them).`] : [];
  const end = todo.length === 0 ? "Nothing to change." : isDry ? `${isWord(todo.length, "change")} to make. Nothing was done yet; run it with --yes to carry it out.` : `${isWord(todo.length, "change")} done.`;
  return {
    exitCode: EXIT.ok,
    output: { isDone: !isDry, changes: todo.map(plain), leftAlone: leftAlone.map(plain), notes },
    lines: [...notes, ...todo.flatMap(describe), ...left, end],
  };
}

function readable(text: string, world: World) {
  try {
    return readManifest(text, world.env);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new CliError(["The file cannot be used:", ...error.problems.map((problem) => `  ${problem}`)].join("\n"), EXIT.usage);
  }
}
