"use client";
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { Link } from "../data/link.tsx";
import { useState } from "react";
import type { StatedScore } from "../../server/readiness/schema/index.ts";
import { Confirm } from "../data/confirm.tsx";
import { formatDay } from "../data/format.ts";
import { QuietIcon } from "../data/quiet-icon.tsx";
import { SkeletonRows } from "../data/skeleton.tsx";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

const StateForm = dynamic(() => import("./state-form.tsx").then((module) => module.StateForm), { ssr: false });
const PAGE = 20;

/** Scores of the past that people stated: from before the console judged. They stand in the history and change nothing. */
export function StatedCard() {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const [isStating, setStating] = useState(false);
  const [removing, setRemoving] = useState<StatedScore | null>(null);
  const list = useInfiniteQuery(trpc.readiness.stated.infiniteQueryOptions({ limit: PAGE }, { getNextPageParam: (page) => page.nextCursor ?? undefined }));
  const rows = list.data?.pages.flatMap((page) => page.items);
  return (
    <Card
      title="Stated scores"
      aside={
        mayEdit ? (
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setStating(true)}>
            State a score
          </Button>
        ) : null
      }
    >
      {!rows ? <SkeletonRows count={3} /> : null}
      {rows?.length === 0 ? <p className={styles.hint}>None. A score from before the console judged can be put into the history, with where it comes from. It changes nothing that is computed.</p> : null}
      <ul className={styles.entries}>
        {rows?.map((stated) => (
          <li key={stated.point} className={styles.entry}>
            <div className={styles.top}>
              <h3>
                {stated.score} of 100, {formatDay(stated.at)}
              </h3>
              {mayEdit ? (
                <QuietIcon label={`Remove ${stated.score} of ${formatDay(stated.at)}`} onClick={() => setRemoving(stated)}>
                  <IconTrash size={16} aria-hidden />
                </QuietIcon>
              ) : null}
            </div>
            <p>
              {stated.slug ? <Link href={`/readiness/${stated.slug}?tab=history`} className="sw-link">{stated.serviceName}</Link> : (stated.serviceName ?? "All services")}: {stated.note}. Stated by {stated.statedBy}.
            </p>
          </li>
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button variant="default" size="xs" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
      {isStating ? <StateForm onClose={() => setStating(false)} /> : null}
      {removing ? <Removal stated={removing} onClose={() => setRemoving(null)} /> : null}
    </Card>
  );
}

function Removal({ stated, onClose }: { stated: StatedScore; onClose: () => void }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const { mutate, isPending } = useMutation(
    trpc.readiness.removeStated.mutationOptions({
      onSuccess: () => {
        toast({ tone: "ok", title: "Stated score removed" });
        onClose();
      },
    }),
  );
  return (
    <Confirm
      opened
      onClose={onClose}
      onConfirm={() => mutate({ point: stated.point })}
      title="Remove this stated score"
      sentence={`${stated.score} of ${formatDay(stated.at)} no longer stands in the history of ${stated.serviceName ?? "all services"}.`}
      confirmLabel="Remove"
      danger
      recordedAs={viewer?.name}
      busy={isPending}
    />
  );
}
