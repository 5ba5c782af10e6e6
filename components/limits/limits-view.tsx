"use client";
import { useQuery } from "@tanstack/react-query";
import { CardGrid, GridCell, Page } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { BlocksTable } from "./blocks-table.tsx";
import { ExceptionsCard } from "./exceptions-card.tsx";
import { limitsSentence } from "./limits-sentence.ts";
import { LIMITS_REFRESH_MS } from "./summary-card.tsx";
import { ConsumersCard, TrendCard } from "./usage-cards.tsx";
import { WindowsTable } from "./windows-table.tsx";

/** Blocks first, then who calls and what was refused, then the limits themselves and who is excepted. */
export function LimitsView() {
  const trpc = useTRPC();
  const { data: summary } = useQuery(trpc.limits.summary.queryOptions({}, { refetchInterval: LIMITS_REFRESH_MS }));
  return (
    <Page title="Limits" sentence={summary && limitsSentence(summary)}>
      <BlocksTable />
      <CardGrid>
        <GridCell span={7}>
          <ConsumersCard />
        </GridCell>
        <GridCell span={5}>
          <TrendCard />
        </GridCell>
      </CardGrid>
      <WindowsTable />
      <ExceptionsCard />
    </Page>
  );
}
