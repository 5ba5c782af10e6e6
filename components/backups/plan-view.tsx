"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import type { PlanDetail } from "../../server/backups/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { PageTabs } from "../data/page-tabs.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusBadge, StatusIcon } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { CardGrid, GridCell, Page, Panel } from "../shell/page.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { ActiveWork } from "./active-work.tsx";
import { CalendarCard } from "./calendar-card.tsx";
import { CatalogueCard } from "./catalogue-card.tsx";
import { DurationCard, SizeCard } from "./charts-cards.tsx";
import { DrillsCard } from "./drills-card.tsx";
import { PlanActions } from "./plan-actions.tsx";
import { PlanFigures } from "./plan-figures.tsx";
import { LEVEL_STATE, LEVEL_WORD, SOURCE_WORD } from "./words.ts";
import styles from "./backups.module.css";

const PlanSettings = dynamic(() => import("./plan-settings.tsx").then((module) => module.PlanSettings), { loading: () => <SkeletonBlock height={480} /> });

/** The page of one plan: the proof, what warns, the figures, and everything that was taken. */
export function PlanView({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data: plan, error, refetch } = useQuery(trpc.backups.get.queryOptions({ id }));
  if (plan) return <Loaded plan={plan} />;
  return (
    <Page title={error ? "Plan" : id}>
      {error ? (
        <Panel label="Plan not read">
          <ErrorState title="This plan could not be read" what={describeError(error).message} kept="Nothing was changed." requestId={describeError(error).requestId} onRetry={() => void refetch()} />
        </Panel>
      ) : (
        <SkeletonBlock height={480} />
      )}
    </Page>
  );
}

function useTab(): "backups" | "settings" {
  return useSearchParams().get("tab") === "settings" ? "settings" : "backups";
}

function Loaded({ plan }: { plan: PlanDetail }) {
  const tab = useTab();
  const { level, lead, detail } = plan.standing;
  return (
    <Page
      title={plan.name}
      badge={<StatusBadge state={LEVEL_STATE[level]}>{LEVEL_WORD[level]}</StatusBadge>}
      tags={
        <span className={styles.tags}>
          <Tag>{plan.sourceVersion ? `${SOURCE_WORD[plan.sourceKind]} ${plan.sourceVersion}` : SOURCE_WORD[plan.sourceKind]}</Tag>
          <Tag>{plan.scheduleInWords.toLowerCase()}</Tag>
          <Tag strong={!plan.isEncrypted}>{plan.isEncrypted ? "encrypted" : "not encrypted"}</Tag>
          {plan.archivedAt ? <Tag strong>archived</Tag> : null}
        </span>
      }
      sentence={{ tone: LEVEL_STATE[level], lead, rest: detail }}
      actions={<PlanActions plan={plan} />}
      tabs={
        <PageTabs
          label={`Parts of ${plan.name}`}
          tabs={[{ value: "backups", label: "Backups", count: plan.copies }, { value: "settings", label: "Settings" }]}
          value={tab}
          hrefOf={(value) => (value === "settings" ? "?tab=settings" : `/backups/${plan.slug}`)}
          onChange={(value) => window.history.pushState(null, "", value === "settings" ? "?tab=settings" : window.location.pathname)}
        />
      }
    >
      {tab === "settings" ? <PlanSettings key={plan.id} plan={plan} /> : <Backups plan={plan} />}
    </Page>
  );
}

function Backups({ plan }: { plan: PlanDetail }) {
  const problem = plan.pausedAt || plan.archivedAt ? undefined : plan.findings.find(({ level }) => level === "problem");
  return (
    <>
      {problem && !plan.activeRunId ? (
        <div className={styles.banner} data-tone="fail" role="status">
          <StatusIcon state="fail" size={16} />
          <span>
            <b>The next run will fail if nothing changes.</b> {problem.message}
          </span>
        </div>
      ) : null}
      <ActiveWork plan={plan} />
      <PlanFigures plan={plan} />
      <CalendarCard plan={plan} />
      <CardGrid>
        <GridCell span={8}>
          <CatalogueCard plan={plan} />
        </GridCell>
        <GridCell span={4}>
          <DrillsCard plan={plan} />
        </GridCell>
        <GridCell span={6}>
          <SizeCard plan={plan} />
        </GridCell>
        <GridCell span={6}>
          <DurationCard plan={plan} />
        </GridCell>
      </CardGrid>
    </>
  );
}
