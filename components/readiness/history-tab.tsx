"use client";
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Scorecard } from "../../server/readiness/schema/index.ts";
import { FilterChips } from "../data/filter-chips.tsx";
import { plural } from "../data/format.ts";
import { SkeletonBlock, SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { Changes } from "./changes.tsx";
import { ScoreChart } from "./score-chart.tsx";
import { shiftOf } from "./words.ts";
import styles from "./readiness.module.css";

const DAY_MS = 86_400_000;
const RANGES = [{ value: "7", label: "7 days" }, { value: "30", label: "30 days" }, { value: "90", label: "90 days" }, { value: "365", label: "A year" }] as const;
const CHART_HEIGHT = 260;

/** The score between two dates, and every change with what it did. */
export function HistoryTab({ card }: { card: Scorecard }) {
  const trpc = useTRPC();
  const [days, setDays] = useState("30");
  // Counted from the last evaluation, so that the same choice asks for the same range.
  const [to] = useState(() => card.evaluatedAt);
  const range = { from: new Date(to.getTime() - Number(days) * DAY_MS), to };
  const history = useQuery(trpc.readiness.history.queryOptions({ id: card.serviceId, ...range }, { placeholderData: keepPreviousData }));
  const changes = useInfiniteQuery(trpc.readiness.changes.infiniteQueryOptions({ id: card.serviceId, ...range, limit: 50 }, { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData }));
  const rows = changes.data?.pages.flatMap((page) => page.items);
  const [first, last] = [history.data?.points[0], history.data?.points.at(-1)];
  return (
    <div className={styles.stack}>
      <FilterChips label="Range" options={RANGES} value={days} onChange={setDays} />
      <Card title="Score" aside={first && last ? <span>{first.score} → {last.score}, {shiftOf(last.score - first.score)}</span> : null}>
        {history.data ? <ScoreChart label={`Score of ${card.name}`} points={history.data.points} goal={card.goal} range={{ from: range.from.getTime(), to: range.to.getTime() }} height={CHART_HEIGHT} /> : <SkeletonBlock height={CHART_HEIGHT} />}
      </Card>
      <Card title="What changed and why" aside={rows ? <span>{plural(rows.length, "change")}{changes.hasNextPage ? " or more" : ""}</span> : null}>
        {rows ? <Changes changes={rows} /> : <SkeletonRows count={6} height={20} />}
        {changes.hasNextPage ? (
          <Button variant="default" size="xs" mt="sm" loading={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
            Load more
          </Button>
        ) : null}
      </Card>
    </div>
  );
}
