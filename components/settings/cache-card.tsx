"use client";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CacheState } from "../../server/settings/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { formatDuration } from "../data/duration.ts";
import { ErrorState } from "../data/error-state.tsx";
import { formatCount, formatPercent } from "../data/format.ts";
import { Facts } from "../data/side-panel.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { useFreshness } from "../shell/freshness.tsx";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./settings.module.css";

const MS_PER_SECOND = 1_000;
const LAYERS: Record<CacheState["layer"], string> = { redis: "Redis", memory: "This process", off: "Off: this process does not hear of changes" };

/** How often kept answers help, and a button that forgets them. */
export function CacheCard() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const isAdmin = useMay("admin");
  const query = useQuery(trpc.settings.cache.queryOptions({}));
  const { data, error, refetch } = query;
  const { isStale, at } = useFreshness(query);
  const purge = useMutation(
    trpc.settings.purgeCache.mutationOptions({
      onSuccess: async () => {
        toast({ tone: "ok", title: "Cache purged", message: "Answers are made again when they are asked for." });
        await client.invalidateQueries(trpc.settings.pathFilter());
      },
    }),
  );
  return (
    <Card title="Cache" footer={{ source: "The process that answered", at }} isStale={isStale}>
      {data ? <Facts rows={rowsOf(data)} /> : null}
      {data && isAdmin ? (
        <div className={styles.end}>
          <Button variant="default" size="xs" loading={purge.isPending} onClick={() => purge.mutate({})}>
            Purge
          </Button>
        </div>
      ) : null}
      {!data && error ? <ErrorState title="The cache could not be read" what={describeError(error).message} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows count={4} /> : null}
    </Card>
  );
}

function rowsOf(state: CacheState): [string, string][] {
  return [
    ["Kept in", LAYERS[state.layer]],
    ["Hit rate", state.hitRate === null ? "not asked yet" : `${formatPercent(state.hitRate, 0)} of ${formatCount(state.hits + state.misses)}`],
    ...(state.items === null ? [] : [["Answers", `${formatCount(state.items)} of ${formatCount(state.maxItems)}`] as [string, string]]),
    ["Kept for", formatDuration(state.ttlSeconds * MS_PER_SECOND)],
  ];
}
