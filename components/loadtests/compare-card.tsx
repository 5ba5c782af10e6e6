"use client";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Comparison, Delta, RunDetail } from "../../server/loadtests/schema.ts";
import type { Column } from "../data/columns.ts";
import { DataTable } from "../data/data-table.tsx";
import { formatDay, formatPercent, formatClock } from "../data/format.ts";
import { StatusText } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useTRPC } from "../trpc/client.tsx";
import { DELTA_TONES, DELTA_WORDS, figureWords, METRIC_WORDS } from "./words.ts";
import styles from "./loadtests.module.css";

const COLUMNS: readonly Column<Delta>[] = [
  { id: "metric", header: "Figure", phone: true, cell: (delta) => METRIC_WORDS[delta.metric] ?? delta.metric },
  { id: "base", header: "Before", align: "right", phone: true, cell: (delta) => figureWords(delta.metric, delta.base) },
  { id: "now", header: "This run", align: "right", phone: true, cell: (delta) => figureWords(delta.metric, delta.now) },
  { id: "change", header: "Change", align: "right", wide: true, cell: (delta) => (delta.change === null ? "–" : `${delta.change >= 0 ? "+" : "−"}${formatPercent(Math.abs(delta.change), 1)}`) },
  { id: "verdict", header: "Answer", width: 104, phone: true, cell: (delta) => <StatusText state={DELTA_TONES[delta.verdict]}>{DELTA_WORDS[delta.verdict]}</StatusText> },
];
const CHOICES = 30;

/** This run beside its baseline, or beside any other run of the service. */
export function CompareCard({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const [base, setBase] = useUrlState("base");
  const { data: others } = useQuery(trpc.loadtests.list.queryOptions({ service: run.slug, limit: CHOICES }));
  const { data: chosen } = useQuery(trpc.loadtests.compare.queryOptions({ base, now: run.id }, { enabled: base !== "" }));
  const comparison = base === "" ? run.comparison : chosen;
  const options = (others?.items ?? []).filter(({ id }) => id !== run.id).map((other) => ({ value: other.id, label: `${other.scenario}, ${other.profile}, ${formatDay(other.receivedAt)} ${formatClock(other.receivedAt, false)}${other.isBaseline ? ", baseline" : ""}` }));
  return (
    <Card title="Compared" aside={<Select size="xs" aria-label="Compare with" placeholder="with its baseline" data={options} value={base || null} onChange={(next) => setBase(next)} clearable w={240} />}>
      {comparison ? <Deltas comparison={comparison} /> : <p className={styles.sub}>{run.isBaseline ? "This run is the baseline. Choose another run to compare with." : "No baseline is promoted for this scenario and profile. Choose another run to compare with."}</p>}
    </Card>
  );
}

function Deltas({ comparison }: { comparison: Comparison }) {
  return (
    <>
      <p className={styles.sub}>
        {comparison.isRegression ? "Worse" : "No worse"}: {comparison.measure} and the failed share decide.{comparison.measure === "p50" ? " Too few requests for p95." : ""}
      </p>
      <div className={styles.bleed}>
        <DataTable bare plain density="compact" label="Comparison" noun="figure" columns={COLUMNS} rows={comparison.deltas} rowId={(delta) => delta.metric} />
      </div>
    </>
  );
}
