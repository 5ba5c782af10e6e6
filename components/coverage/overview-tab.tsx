"use client";
import { useQuery } from "@tanstack/react-query";
import type { CoverageDetail, Percentages, TrendPoint } from "../../server/coverage/schema/index.ts";
import { FilterChips } from "../data/filter-chips.tsx";
import { CardGrid, GridCell } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { CostlyFilesCard } from "./costly-files-card.tsx";
import { GateCard } from "./gate-card.tsx";
import { MeasureStrip } from "./measure-strip.tsx";
import { useCoverageView } from "./service-url.ts";
import { TreemapCard } from "./treemap-card.tsx";
import { TrendCard, useTrendRange } from "./trend-card.tsx";
import styles from "./coverage.module.css";

type Latest = NonNullable<CoverageDetail["latest"]>;

/** Measures, trend, gate, folders and the files that cost most. */
export function OverviewTab({ detail, latest }: { detail: CoverageDetail; latest: Latest }) {
  const { view, hrefOf, go } = useCoverageView();
  const { gate } = detail.policy;
  const flagRow = latest.flagRows.find(({ flag }) => flag === view.flag);
  const percent = flagRow?.percent ?? latest.percent;
  const { delta, words } = useDelta(detail.slug, latest, view.flag);
  const place = { service: detail.slug, commit: latest.commit, flag: flagRow ? view.flag : "" };
  const openFile = (path: string) => go({ tab: "files", file: path });
  return (
    <>
      {latest.flagRows.length > 1 ? (
        <div className={styles.bar}>
          <FilterChips label="Flag" options={[{ value: "", label: "All flags" }, ...latest.flagRows.map(({ flag, carriedFrom }) => ({ value: flag, label: flag, ...(carriedFrom ? { state: "stale" as const } : {}) }))]} value={place.flag} onChange={(flag) => go({ flag })} />
        </div>
      ) : null}
      <MeasureStrip percent={percent} gate={gate} delta={delta} since={words} />
      <CardGrid>
        <GridCell span={8}>
          <TrendCard service={detail.slug} branch={latest.branch} flag={place.flag} gate={gate} reports={detail.reports} />
        </GridCell>
        <GridCell span={4}>
          <GateCard latest={latest} revision={detail.policy.revision} />
        </GridCell>
        <GridCell span={7}>
          <TreemapCard place={{ ...place, folder: view.folder }} levels={gate.levels.lines} onFolder={(folder) => go({ folder })} onFile={openFile} />
        </GridCell>
        <GridCell span={5}>
          <CostlyFilesCard place={place} levels={gate.levels.lines} allHref={hrefOf({ tab: "files" })} onFile={openFile} />
        </GridCell>
      </CardGrid>
    </>
  );
}

/** What changed since the beginning of the range; null while that is not known or only one commit lies in it. */
function useDelta(service: string, latest: Latest, flag: string): { delta: Percentages | null; words: string } {
  const trpc = useTRPC();
  const { from, to, words } = useTrendRange();
  const { data } = useQuery(trpc.coverage.trend.queryOptions({ service, branch: latest.branch, from, to, ...(flag ? { flag } : {}) }, { meta: { quiet: true } }));
  const first = data && data.points.length > 1 ? data.points[0] : undefined;
  const last = data?.points.at(-1);
  return { delta: first && last ? between(first, last) : null, words };
}

function between(first: TrendPoint, last: TrendPoint): Percentages {
  const of = (measure: keyof Percentages) => (first[measure] === null || last[measure] === null ? null : last[measure] - first[measure]);
  return { lines: of("lines"), branches: of("branches"), functions: of("functions"), statements: of("statements") };
}
