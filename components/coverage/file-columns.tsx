import type { FileRow, GatePolicy } from "../../server/coverage/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { formatCount } from "../data/format.ts";
import { StatusIcon } from "../data/status.tsx";
import { formatCovered, stateOf } from "./words.ts";
import styles from "./coverage.module.css";

/** Columns of files; `gain` is what all lines would win if the file were covered. */
export function fileColumns(levels: GatePolicy["levels"]["lines"], isWide: boolean): Column<FileRow>[] {
  const wide: Column<FileRow>[] = [
    { id: "branches", header: "Branches", align: "right", width: 96, wide: true, cell: ({ percent }) => <span className={styles.number}>{formatCovered(percent.branches)}</span> },
    { id: "functions", header: "Functions", align: "right", width: 96, wide: true, cell: ({ percent }) => <span className={styles.number}>{formatCovered(percent.functions)}</span> },
  ];
  return [
    { id: "path", header: "File", sortable: isWide, phone: true, hideable: false, cell: ({ path }) => <span className={styles.path}>{path}</span> },
    { id: "percent", header: "Lines", align: "right", width: isWide ? 96 : 84, sortable: isWide, phone: true, cell: ({ percent }) => <Share value={percent.lines} levels={levels} /> },
    ...(isWide ? wide : []),
    { id: "uncovered", header: "Uncovered", align: "right", width: 92, sortable: isWide, cell: ({ uncovered }) => <span className={styles.number}>{formatCount(uncovered)}</span> },
    ...(isWide ? [{ id: "risk", header: "Risk", align: "right" as const, width: 80, sortable: true, wide: true, cell: ({ risk }: FileRow) => <span className={styles.number}>{formatCount(risk)}</span> }] : []),
    { id: "gain", header: "Gain", align: "right", width: isWide ? 72 : 60, phone: !isWide, cell: ({ gain }) => <span className={styles.number}>+{gain.toFixed(2)}</span> },
  ];
}

function Share({ value, levels }: { value: number | null; levels: GatePolicy["levels"]["lines"] }) {
  const state = stateOf(value, levels);
  return (
    <span className={styles.number}>
      {state === "ok" ? null : <StatusIcon state={state} size={12} />} {formatCovered(value)}
    </span>
  );
}
