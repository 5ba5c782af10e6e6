"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconFileText, IconRefresh } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { Link } from "../data/link.tsx";
import type { Scorecard } from "../../server/readiness/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { PageTabs } from "../data/page-tabs.tsx";
import { SkeletonBlock, SkeletonRows } from "../data/skeleton.tsx";
import { StatusBadge } from "../data/status.tsx";
import { Tag } from "../data/tags.tsx";
import { Page, Panel } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useUrlState } from "../shell/url-state.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { Hero } from "./hero.tsx";
import { RulesTab } from "./rules-tab.tsx";
import { scorecardStanding } from "./sentence.ts";
import { CARD_TABS, tabOf } from "./tabs.ts";
import { LEVEL_WORDS } from "./words.ts";

const QuestionsTab = dynamic(() => import("./questions-tab.tsx").then((module) => module.QuestionsTab), { loading: () => <SkeletonRows count={6} /> });
const HistoryTab = dynamic(() => import("./history-tab.tsx").then((module) => module.HistoryTab), { loading: () => <SkeletonRows count={6} /> });

/** The scorecard of one service: how ready it is, which rule earned which point by what, and what would help. */
export function ScorecardView({ id, origin }: { id: string; origin: string }) {
  const trpc = useTRPC();
  const { data: card, error, refetch } = useQuery(trpc.readiness.get.queryOptions({ id }));
  if (card) return <Loaded card={card} origin={origin} />;
  return (
    <Page title={error ? "Scorecard" : id}>
      {error ? (
        <Panel label="Scorecard not read">
          <ErrorState title="This scorecard could not be read" what={describeError(error).message} kept="Nothing was changed." requestId={describeError(error).requestId} onRetry={() => void refetch()} />
        </Panel>
      ) : (
        <SkeletonBlock height={480} />
      )}
    </Page>
  );
}

function Loaded({ card, origin }: { card: Scorecard; origin: string }) {
  const [tabText, setTab] = useUrlState("tab");
  const tab = tabOf(CARD_TABS, tabText);
  const failing = card.lines.filter((line) => line.outcome === "fail" && !line.isWaived).length;
  return (
    <Page
      title={card.name}
      badge={<StatusBadge state={card.blocking > 0 ? "fail" : card.level === "none" ? "warn" : "ok"}>{card.blocking > 0 ? "Held back" : LEVEL_WORDS[card.level]}</StatusBadge>}
      tags={<><Tag strong={card.tier === 1}>tier {card.tier}</Tag><Tag>{card.environment}</Tag></>}
      sentence={scorecardStanding(card)}
      actions={<Actions card={card} />}
      tabs={
        <PageTabs
          label={`Parts of the scorecard of ${card.name}`}
          tabs={[{ value: "rules", label: "Rules", count: card.lines.length, state: failing > 0 ? "fail" : undefined }, { value: "questions", label: "Questions" }, { value: "history", label: "History" }]}
          value={tab}
          hrefOf={(value) => (value === "rules" ? "?" : `?tab=${value}`)}
          onChange={(value) => setTab(value === "rules" ? null : value)}
        />
      }
    >
      {tab === "rules" ? <Hero card={card} /> : null}
      {tab === "rules" ? <RulesTab card={card} origin={origin} /> : null}
      {tab === "questions" ? <QuestionsTab slug={card.slug} /> : null}
      {tab === "history" ? <HistoryTab card={card} /> : null}
    </Page>
  );
}

function Actions({ card }: { card: Scorecard }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const { mutate, isPending } = useMutation(trpc.readiness.evaluate.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: `${card.name} judged again`, message: "Its addresses are looked at next." }) }));
  return (
    <>
      {mayEdit ? (
        <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={isPending} onClick={() => mutate({ id: card.serviceId })}>
          Judge now
        </Button>
      ) : null}
      <Button component={Link} href={`/readiness/${card.slug}/report`} leftSection={<IconFileText size={16} aria-hidden />}>
        Report
      </Button>
    </>
  );
}
