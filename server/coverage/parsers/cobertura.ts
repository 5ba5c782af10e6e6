/**
 * Cobertura XML (coverage-04.dtd), as coverage.py, gcovr, coverlet, Istanbul and others write it: class[filename], its
 * methods and its lines with hits and `condition-coverage="50% (1/2)"`. Of a line's branches only their number is known,
 * so the covered ones are taken to be the first.
 */
import { addPoint, MOST_LINE, newPoints, type Points } from "../lines/points.ts";
import { pack, type ReportBuilder } from "../report.ts";
import { toCount } from "./reader.ts";
import type { Attributes, XmlHandler } from "./xml.ts";

const CONDITIONS = /\((\d{1,6})\/(\d{1,6})\)/;
/** More conditions than any line has. */
const MOST_CONDITIONS = 1_000;

type OpenClass = { path: string; lines: Points; branches: Points; functions: Points };
type OpenMethod = { line: number | null; hits: number };

export function coberturaHandler(report: ReportBuilder): XmlHandler {
  let file: OpenClass | null = null;
  let method: OpenMethod | null = null;

  const line = (attributes: Attributes) => {
    const number = toCount(attributes.number);
    const hits = toCount(attributes.hits);
    if (number === null || number > MOST_LINE) return report.noteBadNumber();
    if (hits === null) report.noteBadNumber();
    if (method) {
      method.line ??= number;
      method.hits = Math.max(method.hits, hits ?? 0);
      return;
    }
    if (!file) return;
    addPoint(file.lines, number, hits ?? 0);
    const [, covered, total] = CONDITIONS.exec(attributes["condition-coverage"] ?? "") ?? [];
    const count = Math.min(Number(total ?? 0), MOST_CONDITIONS);
    for (let i = 0; i < count; i++) addPoint(file.branches, number, i < Number(covered) ? 1 : 0);
  };

  return {
    open: (name, attributes) => {
      if (name === "class") file = { path: attributes.filename ?? "", lines: newPoints(), branches: newPoints(), functions: newPoints() };
      else if (name === "method") method = { line: null, hits: 0 };
      else if (name === "line") line(attributes);
    },
    close: (name) => {
      if (name === "method" && method && file) {
        if (method.line !== null) addPoint(file.functions, method.line, method.hits);
        method = null;
      }
      if (name !== "class" || !file) return;
      const { path, lines, branches, functions } = file;
      report.add(path, pack({ lines, branches, functions: functions.length > 0 ? functions : null, statements: null }));
      file = null;
    },
  };
}
