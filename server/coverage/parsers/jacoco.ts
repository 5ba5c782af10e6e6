/**
 * JaCoCo XML (report.dtd 1.1): per source file line[nr, mi, ci, mb, cb], the instructions and branches of a line that were
 * missed and covered; per class its methods with a METHOD counter. Instructions are its statements. A line counts as hit
 * when any of its instructions ran; how often is not known.
 */
import { addPoint, MOST_LINE, newPoints, type Points } from "../lines/points.ts";
import { pack, type ReportBuilder } from "../report.ts";
import { toCount } from "./reader.ts";
import type { Attributes, XmlHandler } from "./xml.ts";

/** More instructions or branches than any line has. */
const MOST_A_LINE = 10_000;

type OpenFile = { path: string; lines: Points; branches: Points; statements: Points };

// One closure over the state of reading; each part of it is small.
// oxlint-disable-next-line max-lines-per-function
export function jacocoHandler(report: ReportBuilder): XmlHandler {
  let folder = "";
  let file: OpenFile | null = null;
  /** Functions of a package's files, which come before the files. */
  let functions = new Map<string, Points>();
  let ofClass: Points | null = null;
  let methodLine: number | null = null;

  const functionsOf = (path: string): Points => {
    const known = functions.get(path) ?? newPoints();
    functions.set(path, known);
    return known;
  };
  const count = (text: string | undefined): number => {
    const value = toCount(text);
    if (value === null) report.noteBadNumber();
    return Math.min(value ?? 0, MOST_A_LINE);
  };
  const spread = (points: Points, at: number, counts: { covered: number; missed: number }) => {
    for (let i = 0; i < counts.covered; i++) addPoint(points, at, 1);
    for (let i = 0; i < counts.missed; i++) addPoint(points, at, 0);
  };
  const line = (attributes: Attributes) => {
    const number = toCount(attributes.nr);
    if (!file) return;
    if (number === null || number > MOST_LINE) return report.noteBadNumber();
    const instructions = { covered: count(attributes.ci), missed: count(attributes.mi) };
    addPoint(file.lines, number, instructions.covered > 0 ? 1 : 0);
    spread(file.statements, number, instructions);
    spread(file.branches, number, { covered: count(attributes.cb), missed: count(attributes.mb) });
  };
  const inFolder = (name: string | undefined) => (folder === "" ? (name ?? "") : `${folder}/${name ?? ""}`);

  const opens: Record<string, (attributes: Attributes) => void> = {
    package: (attributes) => {
      folder = attributes.name ?? "";
    },
    class: (attributes) => {
      ofClass = attributes.sourcefilename ? functionsOf(inFolder(attributes.sourcefilename)) : null;
    },
    method: (attributes) => {
      methodLine = toCount(attributes.line);
    },
    counter: (attributes) => {
      if (attributes.type !== "METHOD" || methodLine === null || !ofClass) return;
      addPoint(ofClass, methodLine, count(attributes.covered) > 0 ? 1 : 0);
    },
    sourcefile: (attributes) => {
      file = { path: inFolder(attributes.name), lines: newPoints(), branches: newPoints(), statements: newPoints() };
    },
    line,
  };
  const closes: Record<string, () => void> = {
    package: () => {
      folder = "";
      functions = new Map();
    },
    class: () => {
      ofClass = null;
    },
    method: () => {
      methodLine = null;
    },
    sourcefile: () => {
      if (!file) return;
      const { path, ...measures } = file;
      report.add(path, pack({ ...measures, functions: functions.get(path) ?? newPoints() }));
      file = null;
    },
  };
  return {
    open: (name, attributes) => (Object.hasOwn(opens, name) ? opens[name]?.(attributes) : undefined),
    close: (name) => (Object.hasOwn(closes, name) ? closes[name]?.() : undefined),
  };
}
