"use client";
import { useState } from "react";
import { SampleNotice } from "../data/sample-notice.tsx";
import { Tag } from "../data/tags.tsx";
import { CardGrid, GridCell, Page } from "../shell/page.tsx";
import { SampleProvider } from "../trpc/sample.tsx";
import { CompareCard } from "./compare-card.tsx";
import { PointsCard } from "./points-card.tsx";
import { AboutCard } from "./about-card.tsx";
import { RunFigures } from "./run-figures.tsx";
import { SAMPLE_ANSWERS, sampleRun } from "./sample.ts";
import { ThresholdsCard } from "./thresholds-card.tsx";
import { runHead } from "./words.ts";

/** The page of one run over made-up data, so that one can see what a first report leads to. */
export function SampleView({ onLeave }: { onLeave: () => void }) {
  const [run] = useState(() => sampleRun(Date.now()));
  return (
    <Page {...runHead(run)} tags={<Tag strong>sample data</Tag>}>
      <SampleNotice onLeave={onLeave} />
      <SampleProvider answers={SAMPLE_ANSWERS}>
        <RunFigures run={run} />
        <CardGrid>
          <GridCell span={8}>
            <PointsCard run={run} />
          </GridCell>
          <GridCell span={4}>
            <AboutCard run={run} />
          </GridCell>
          <GridCell span={7}>
            <CompareCard run={run} />
          </GridCell>
          <GridCell span={5}>
            <ThresholdsCard run={run} />
          </GridCell>
        </CardGrid>
      </SampleProvider>
    </Page>
  );
}
