/** `seaworthy import csv`: services from a spreadsheet. The console itself reads the file; all of its lines are taken, or none. */
import { CliError, EXIT, type Answer, type World } from "../command.ts";

type Preview = Awaited<ReturnType<ReturnType<World["client"]>["services"]["previewImport"]["mutate"]>>;
type Line = Preview["lines"][number];

const MARK = { create: "+", change: "~", same: "=", problem: "!" } as const;

function linesOf({ line, action, slug, name, changes, problems }: Line): string[] {
  if (action === "same") return [];
  const head = `${MARK[action]} service ${slug || name} (line ${line})`;
  if (action === "problem") return [head, ...problems.map((problem) => `    ${problem}`)];
  return action === "create" ? [head] : [head, ...changes.map(({ field, from, to }) => `    ${field}: ${from === "" ? "none" : from} → ${to}`)];
}

const inWords = ({ created, changed, same, problems }: Preview["counts"]) => `${created} to add, ${changed} to change, ${same} as they are${problems > 0 ? `, ${problems} with problems` : ""}.`;

/** Shows what the file would do and, with `isDone`, does it. Exits with 1 when lines with problems keep it from being done. */
export async function importCsv(world: World, csv: string, { isDone, leavesOutProblems }: { isDone: boolean; leavesOutProblems: boolean }): Promise<Answer> {
  const { services } = world.client();
  const preview = await services.previewImport.mutate({ csv });
  const { counts, lines, ignoredColumns } = preview;
  const shown = [...(ignoredColumns.length > 0 ? [`Columns that are no field of a service: ${ignoredColumns.join(", ")}.`] : []), ...lines.flatMap(linesOf), inWords(counts)];
  if (!isDone) return { exitCode: EXIT.ok, output: { isDone, ...preview }, lines: [...shown, "Nothing was done yet; run it with --yes to carry it out."] };
  if (counts.problems > 0 && !leavesOutProblems) throw new CliError([...shown, "Nothing was imported. Mend these lines, or leave them out with --skip-problems."].join("\n"));
  const done = await services.importServices.mutate({ csv, leavesOutProblems, expected: { created: counts.created, changed: counts.changed } });
  return { exitCode: EXIT.ok, output: { isDone, ...done }, lines: [...shown, `${done.counts.created} added, ${done.counts.changed} changed.`] };
}
