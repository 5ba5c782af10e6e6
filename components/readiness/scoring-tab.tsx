"use client";
import { useQuery } from "@tanstack/react-query";
import { CATEGORIES, CATEGORY_LABELS, type Policy } from "../../server/readiness/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatNumber } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card, CardGrid, GridCell } from "../shell/page.tsx";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { PolicyForm } from "./policy-form.tsx";
import { StatedCard } from "./stated-card.tsx";
import { shareOf } from "./weights.ts";

/** How scores come about: the weight of each area, the goal, and scores of the past that people stated. */
export function ScoringTab() {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.readiness.policy.queryOptions({}));
  return (
    <CardGrid>
      <GridCell span={7}>
        <Card title="Weights and goal" footer={data ? { source: data.revision > 0 ? `Version ${data.revision}${data.updatedBy ? `, by ${data.updatedBy}` : ""}` : "As it comes: nobody changed it", at: data.updatedAt ? <RelativeTime at={data.updatedAt} /> : null } : undefined}>
          {error && !data ? <ErrorState title="The weights could not be read" what={describeError(error).message} requestId={describeError(error).requestId} onRetry={() => void refetch()} /> : null}
          {!data && !error ? <SkeletonRows count={8} /> : null}
          {data ? <PolicyBody policy={data} /> : null}
        </Card>
      </GridCell>
      <GridCell span={5}>
        <StatedCard />
      </GridCell>
    </CardGrid>
  );
}

function PolicyBody({ policy }: { policy: Policy }) {
  const mayEdit = useMay("admin");
  if (mayEdit) return <PolicyForm policy={policy} />;
  return <Facts rows={[["Goal", `${policy.goal} points`], ...CATEGORIES.map((area) => [CATEGORY_LABELS[area], `${policy.weights[area]}, ${formatNumber(shareOf(policy.weights, area), 1)} of 100 points`] as const)]} />;
}
