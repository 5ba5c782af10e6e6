"use client";
import { Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CommitRow, ComparedFile, Comparison, CoverageDetail } from "../../server/coverage/schema/index.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatUtc } from "../data/format.ts";
import { KeyFigures } from "../data/key-figures.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusText, type State } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { formatCovered, formatDelta, MEASURE_WORDS, ORDER, shortCommit } from "./words.ts";
import styles from "./coverage.module.css";

const CHANGES: Record<ComparedFile["change"], { state: State; word: string }> = {
  worse: { state: "fail", word: "worse" },
  better: { state: "ok", word: "better" },
  added: { state: "unknown", word: "new" },
  removed: { state: "unknown", word: "gone" },
};
const COMMITS = 50;
const FILES = 100;

/** Two commits beside each other: any two of the newest fifty. */
export function CompareTab({ detail, latest }: { detail: CoverageDetail; latest: NonNullable<CoverageDetail["latest"]> }) {
  const trpc = useTRPC();
  const [base, setBase] = useState<string | null>(null);
  const [head, setHead] = useState(latest.commit);
  const { data: commits } = useQuery(trpc.coverage.commits.queryOptions({ service: detail.slug, limit: COMMITS }));
  const { data, error, refetch } = useQuery(trpc.coverage.compare.queryOptions({ service: detail.slug, head, limit: FILES, ...(base ? { base } : {}) }, { placeholderData: keepPreviousData }));
  const options = (commits?.items ?? []).map((row) => ({ value: row.commit, label: commitLabel(row) }));
  return (
    <>
      <div className={styles.pair}>
        <Select label="Before" data={options} value={data?.base?.commit ?? base} onChange={setBase} placeholder="No complete commit before" searchable />
        <Select label="After" data={options} value={head} onChange={(next) => next && setHead(next)} searchable allowDeselect={false} />
      </div>
      {data ? <Compared comparison={data} /> : error ? <ErrorState title="The commits could not be compared" what={describeError(error).message} kept="Both are kept." onRetry={() => void refetch()} /> : <SkeletonBlock height={320} />}
    </>
  );
}

const commitLabel = ({ commit, branch, at, percent }: CommitRow): string => `${shortCommit(commit)}, ${branch}, ${formatUtc(at)}, ${formatCovered(percent.lines)}`;

const COLUMNS: Column<ComparedFile>[] = [
  { id: "path", header: "File", phone: true, cell: ({ path }) => <span className={styles.path}>{path}</span> },
  { id: "change", header: "Change", width: 110, phone: true, cell: ({ change }) => <StatusText state={CHANGES[change].state}>{CHANGES[change].word}</StatusText> },
  { id: "before", header: "Before", align: "right", width: 90, cell: ({ before }) => <span className={styles.number}>{formatCovered(before)}</span> },
  { id: "after", header: "After", align: "right", width: 90, phone: true, cell: ({ after }) => <span className={styles.number}>{formatCovered(after)}</span> },
  { id: "open", header: "Uncovered lines", align: "right", width: 120, cell: ({ newlyUncovered }) => <span className={styles.number}>{newlyUncovered > 0 ? `+${newlyUncovered}` : newlyUncovered < 0 ? `−${-newlyUncovered}` : "0"}</span> },
];

function Compared({ comparison }: { comparison: Comparison }) {
  const { base, head, delta, files, changed } = comparison;
  if (!base || !head) return <p className={styles.quiet}>There is no complete commit before this one to compare it with.</p>;
  return (
    <>
      <KeyFigures
        label="Change of each measure"
        figures={ORDER.map((measure) => ({
          label: MEASURE_WORDS[measure],
          value: delta[measure] === null ? "–" : formatDelta(delta[measure]),
          aside: `${formatCovered(base.percent[measure]).replace(" %", "")} to ${formatCovered(head.percent[measure])}`,
          state: delta[measure] !== null && delta[measure] < -0.05 ? ("fail" as const) : undefined,
        }))}
      />
      <DataTable
        label="Files that differ"
        noun="file"
        columns={COLUMNS}
        rows={files}
        rowId={({ path }) => path}
        total={changed}
        density="compact"
        empty={<p className={styles.quiet}>{base.hasDetail && head.hasDetail ? "Every file is covered as before." : "The files of one of the two are no longer kept; their figures are."}</p>}
      />
    </>
  );
}
