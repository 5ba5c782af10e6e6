"use client";
import { Button } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { CoverageDetail } from "../../server/coverage/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { PageTabs } from "../data/page-tabs.tsx";
import { SkeletonBlock, SkeletonRows } from "../data/skeleton.tsx";
import { Tag } from "../data/tags.tsx";
import { Page, Panel } from "../shell/page.tsx";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { SendFirst } from "./send-first.tsx";
import { detailStanding } from "./sentence.ts";
import { leaveSample, useCoverageView, type Tab } from "./service-url.ts";
import { shortCommit } from "./words.ts";
import styles from "./coverage.module.css";

const loading = () => <SkeletonRows count={6} />;
const FilesTab = dynamic(() => import("./files-tab.tsx").then((module) => module.FilesTab), { loading });
const CompareTab = dynamic(() => import("./compare-tab.tsx").then((module) => module.CompareTab), { loading });
const TestsTab = dynamic(() => import("./tests-tab.tsx").then((module) => module.TestsTab), { loading });
const SampleView = dynamic(() => import("./sample-view.tsx").then((module) => module.SampleView), { ssr: false });
const GateTab = dynamic(() => import("./gate-tab.tsx").then((module) => module.GateTab), { loading });
const UploadDialog = dynamic(() => import("./upload-dialog.tsx").then((module) => module.UploadDialog), { ssr: false });

/** The coverage of one service: how it stands, its files, what changed, its tests, its gate. */
export function ServiceCoverageView({ service, origin }: { service: string; origin: string }) {
  const trpc = useTRPC();
  const { view } = useCoverageView();
  const input = { service, ...(view.commit ? { commit: view.commit } : {}), ...(view.branch ? { branch: view.branch } : {}) };
  const { data, error, refetch } = useQuery(trpc.coverage.get.queryOptions(input));
  const [sample] = useUrlState("sample");
  if (data && !data.latest && sample) return <SampleView onLeave={leaveSample} />;
  if (data) return <Loaded detail={data} origin={origin} />;
  return (
    <Page title="Coverage">
      {error ? (
        <Panel label="Coverage not read">
          <ErrorState title="This service's coverage could not be read" what={describeError(error).message} kept="All reports are kept." requestId={describeError(error).requestId} onRetry={() => void refetch()} />
        </Panel>
      ) : (
        <SkeletonBlock height={480} />
      )}
    </Page>
  );
}

function Loaded({ detail, origin }: { detail: CoverageDetail; origin: string }) {
  const mayEdit = useMay("editor");
  const { view, hrefOf, go } = useCoverageView();
  const [isUploading, setUploading] = useState(false);
  const { latest } = detail;
  return (
    <Page
      title={detail.name}
      tags={<HeadTags detail={detail} />}
      sentence={detailStanding(detail)}
      actions={
        mayEdit && (latest || view.tab !== "overview") ? (
          <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setUploading(true)}>
            Upload report
          </Button>
        ) : null
      }
      tabs={
        <PageTabs
          label={`Parts of the coverage of ${detail.name}`}
          tabs={[
            { value: "overview", label: "Overview" },
            { value: "files", label: "Files", count: latest?.files },
            { value: "compare", label: "Compare" },
            { value: "tests", label: "Tests", count: detail.tests?.failed || undefined, state: detail.tests && detail.tests.failed > 0 ? "fail" : undefined },
            { value: "gate", label: "Gate" },
          ]}
          value={view.tab}
          hrefOf={(tab) => hrefOf({ tab: tab as Tab, file: "" })}
          onChange={(tab) => go({ tab: tab as Tab, file: "" })}
        />
      }
    >
      <TabBody detail={detail} tab={view.tab} origin={origin} />
      {isUploading ? <UploadDialog service={detail.slug} onClose={() => setUploading(false)} /> : null}
    </Page>
  );
}

function TabBody({ detail, tab, origin }: { detail: CoverageDetail; tab: Tab; origin: string }) {
  const [, setSample] = useUrlState("sample");
  const { latest } = detail;
  if (tab === "tests") return <TestsTab service={detail.slug} />;
  if (tab === "gate") return <GateTab key={detail.slug} detail={detail} origin={origin} />;
  if (!latest) {
    return (
      <Panel label="The first report">
        <SendFirst service={detail.slug} origin={origin} onSample={() => setSample("1")} />
      </Panel>
    );
  }
  if (tab === "files") return <FilesTab detail={detail} latest={latest} />;
  if (tab === "compare") return <CompareTab detail={detail} latest={latest} />;
  return <OverviewTab detail={detail} latest={latest} />;
}

function HeadTags({ detail }: { detail: CoverageDetail }) {
  const { latest } = detail;
  if (!latest) return <Tag strong={detail.tier === 1}>tier {detail.tier}</Tag>;
  return (
    <>
      <Tag strong={detail.tier === 1}>tier {detail.tier}</Tag>
      <Tag>{latest.branch}</Tag>
      <span className={styles.mono}>{shortCommit(latest.commit)}</span>
    </>
  );
}
