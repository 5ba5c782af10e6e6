"use client";
import { Button, Progress } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { StatusText } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { bulkSentence } from "./bulk-words.ts";
import styles from "./bulk.module.css";

/** Often enough to see it move. */
const ASK_AGAIN_MS = 700;
const PERCENT = 100;

/** How far an act on many services is, with a way to stop it; stays until it is closed. */
export function BulkProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const query = useQuery(trpc.services.bulk.queryOptions({ id }, { retry: false, refetchInterval: ({ state }) => (state.data?.finishedAt || state.error ? false : ASK_AGAIN_MS) }));
  const cancel = useMutation(trpc.services.cancelBulk.mutationOptions({ onSettled: () => client.invalidateQueries(trpc.services.bulk.pathFilter()) }));
  const bulk = query.data;
  if (!bulk) return null;
  const isOver = bulk.finishedAt !== null;
  const tone = bulk.state === "cancelled" || bulk.problems.length > 0 ? "warn" : "ok";
  return (
    <section className={styles.bar} aria-label="Act on many services" aria-live="polite">
      {isOver ? <StatusText state={tone}>{bulkSentence(bulk)}</StatusText> : <span>{bulkSentence(bulk)}</span>}
      {isOver ? null : <Progress className={styles.progress} value={bulk.total > 0 ? (PERCENT * bulk.position) / bulk.total : 0} aria-label="Progress" />}
      {bulk.problems.length > 0 ? (
        <ul className={styles.problems}>
          {bulk.problems.map((one) => (
            <li key={one.id}>
              <b>{one.name}</b> {one.problem}
            </li>
          ))}
        </ul>
      ) : null}
      <span className={styles.acts}>
        {isOver ? (
          <Button size="xs" variant="default" onClick={onClose}>
            Close
          </Button>
        ) : (
          <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate({ id })}>
            Stop
          </Button>
        )}
      </span>
    </section>
  );
}
