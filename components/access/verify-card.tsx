"use client";
import { Button, Progress } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Verification } from "../../server/access/schema.ts";
import { formatCount, plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./access.module.css";

/** A worker may be slow to report; the live stream brings the rest. */
const ASK_AGAIN_MS = 2_000;
const PERCENT = 100;

const isOpen = (check: Verification | undefined): boolean => check?.state === "queued" || check?.state === "running";

/** Checks the whole trail at the press of a button, and says what the last check found. */
export function VerifyCard() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data } = useQuery(trpc.access.verifications.queryOptions({}, { refetchInterval: (query) => (isOpen(query.state.data?.items[0]) ? ASK_AGAIN_MS : false) }));
  const refresh = () => client.invalidateQueries(trpc.access.verifications.pathFilter());
  const start = useMutation(trpc.access.verifyAudit.mutationOptions({ onSettled: refresh }));
  const latest = data?.items[0];
  return (
    <section className={styles.verify} aria-label="Check of the trail">
      <div className={styles.found} aria-live="polite">
        {data ? <Found check={latest} /> : null}
      </div>
      <Button variant="default" leftSection={<IconShieldCheck size={16} aria-hidden />} loading={start.isPending} disabled={isOpen(latest)} onClick={() => start.mutate({})}>
        Check the trail
      </Button>
    </section>
  );
}

function Found({ check }: { check: Verification | undefined }) {
  if (!check) return <span>Every entry is chained to the one before it. A check computes the whole chain again and finds what was changed, put in or cut off.</span>;
  if (check.state === "failed") {
    return (
      <StatusText state="unknown" isLong>
        Not checked. {check.problem} <RelativeTime at={check.createdAt} />
      </StatusText>
    );
  }
  if (!check.verdict || !check.finishedAt) return <Running check={check} />;
  const { verdict } = check;
  return (
    <>
      <StatusText state={verdict.isIntact ? "ok" : "fail"} isLong>
        {verdict.isIntact ? `Intact: ${plural(verdict.entries, "entry", "entries")}, ${plural(verdict.anchors, "anchor")}, ${plural(verdict.archives, "archive")} checked` : verdict.problem} <RelativeTime at={check.finishedAt} /> for {check.requestedBy}.
      </StatusText>
      {verdict.notes.map((note) => (
        <span key={note} className={styles.note}>
          {note}
        </span>
      ))}
    </>
  );
}

function Running({ check }: { check: Verification }) {
  const done = check.total > 0 ? Math.round((PERCENT * check.entries) / check.total) : 0;
  return (
    <>
      <span>{check.state === "queued" ? "Waiting for a worker…" : `Checking, ${formatCount(check.entries)} of about ${formatCount(check.total)} entries…`}</span>
      <Progress value={done} animated aria-label="Progress of the check" />
    </>
  );
}
