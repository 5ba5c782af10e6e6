"use client";
import { useState } from "react";
import { PageTabs } from "../data/page-tabs.tsx";
import { SampleNotice } from "../data/sample-notice.tsx";
import { Tag } from "../data/tags.tsx";
import { Page } from "../shell/page.tsx";
import { SampleProvider } from "../trpc/sample.tsx";
import { FilesTab } from "./files-tab.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { sampleAnswers, sampleDetail } from "./sample.ts";
import { detailStanding } from "./sentence.ts";
import { useCoverageView, type Tab } from "./service-url.ts";

/** The page of one service over made-up data, so that one can see what a first report leads to. */
export function SampleView({ onLeave }: { onLeave: () => void }) {
  const { view, hrefOf, go } = useCoverageView();
  const [now] = useState(() => Date.now());
  const [detail] = useState(() => sampleDetail(now));
  const { latest } = detail;
  const tab: Tab = view.tab === "files" ? "files" : "overview";
  return (
    <Page
      title={detail.name}
      tags={<Tag strong>sample data</Tag>}
      sentence={detailStanding(detail)}
      tabs={
        <PageTabs
          label="Parts of the sample"
          tabs={[{ value: "overview", label: "Overview" }, { value: "files", label: "Files", count: latest?.files }]}
          value={tab}
          hrefOf={(next) => hrefOf({ tab: next as Tab, file: "" })}
          onChange={(next) => go({ tab: next as Tab, file: "" })}
        />
      }
    >
      <SampleNotice onLeave={onLeave} />
      <SampleProvider answers={sampleAnswers(now)}>
        {latest && tab === "files" ? <FilesTab detail={detail} latest={latest} /> : null}
        {latest && tab === "overview" ? <OverviewTab detail={detail} latest={latest} /> : null}
      </SampleProvider>
    </Page>
  );
}
