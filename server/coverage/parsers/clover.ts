/**
 * Clover XML, as OpenClover, PHPUnit and Istanbul write it: file[path|name] with line[num, type, count] of the types
 * `stmt`, `cond` (with truecount and falsecount) and `method`. OpenClover counts how often a condition was true and false;
 * Istanbul writes how many of a line's branches were covered and missed. The file's own metrics tell which it is.
 */
import { addPoint, MOST_LINE, newPoints, type Points } from "../lines/points.ts";
import { pack, type ReportBuilder } from "../report.ts";
import { toCount } from "./reader.ts";
import type { Attributes, XmlHandler } from "./xml.ts";

type Condition = { line: number; yes: number; no: number };
type OpenFile = { path: string; measures: Record<"lines" | "functions" | "statements", Points>; conditions: Condition[]; metrics: Attributes | null };

const openFile = (attributes: Attributes): OpenFile => ({ path: attributes.path ?? attributes.name ?? "", measures: { lines: newPoints(), functions: newPoints(), statements: newPoints() }, conditions: [], metrics: null });

/** More branches than any line has. */
const MOST_BRANCHES = 1_000;

/** True when the metrics are nearer to "covered and missed", as Istanbul writes it, than to "true and false". */
function areNumbersOfBranches({ conditions, metrics }: OpenFile): boolean {
  const wanted = { total: toCount(metrics?.conditionals), covered: toCount(metrics?.coveredconditionals) };
  if (wanted.total === null || wanted.covered === null) return false;
  const sum = (of: (condition: Condition) => number) => conditions.reduce((total, one) => total + of(one), 0);
  const farFrom = (total: number, covered: number) => Math.abs(total - (wanted.total ?? 0)) + Math.abs(covered - (wanted.covered ?? 0));
  const asNumbers = farFrom(sum(({ yes, no }) => yes + no), sum(({ yes }) => yes));
  return asNumbers < farFrom(2 * conditions.length, sum(({ yes, no }) => Number(yes > 0) + Number(no > 0)));
}

function branchesOf(file: OpenFile): Points {
  const branches = newPoints();
  const isNumber = areNumbersOfBranches(file);
  for (const { line, yes, no } of file.conditions) {
    const hits = isNumber ? [...Array.from({ length: Math.min(yes, MOST_BRANCHES) }, () => 1), ...Array.from({ length: Math.min(no, MOST_BRANCHES) }, () => 0)] : [yes, no];
    for (const one of hits) addPoint(branches, line, one);
  }
  return branches;
}

export function cloverHandler(report: ReportBuilder): XmlHandler {
  let file: OpenFile | null = null;
  let classes = 0;

  const count = (text: string | undefined): number => {
    const value = toCount(text);
    if (value === null) report.noteBadNumber();
    return value ?? 0;
  };
  const line = (attributes: Attributes) => {
    const number = toCount(attributes.num);
    if (!file) return;
    if (number === null || number > MOST_LINE) return report.noteBadNumber();
    if (attributes.type === "method") {
      addPoint(file.measures.functions, number, count(attributes.count));
      return;
    }
    const condition = attributes.type === "cond" ? { line: number, yes: count(attributes.truecount), no: count(attributes.falsecount) } : null;
    const executed = attributes.count === undefined && condition ? Math.max(condition.yes, condition.no) : count(attributes.count);
    addPoint(file.measures.lines, number, executed);
    addPoint(file.measures.statements, number, executed);
    if (condition) file.conditions.push(condition);
  };

  return {
    open: (name, attributes) => {
      if (name === "file") file = openFile(attributes);
      else if (name === "class") classes += 1;
      else if (name === "metrics" && file && classes === 0) file.metrics = attributes;
      else if (name === "line") line(attributes);
    },
    close: (name) => {
      if (name === "class") classes -= 1;
      if (name !== "file" || !file) return;
      const { functions, ...measures } = file.measures;
      report.add(file.path, pack({ ...measures, functions: functions.length > 0 ? functions : null, branches: branchesOf(file) }));
      file = null;
      classes = 0;
    },
  };
}
