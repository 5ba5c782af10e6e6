"use client";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { IconHistory, IconLock, IconLockOpen, IconX } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { RunDetail } from "../../server/backups/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";

const RestoreDialog = dynamic(() => import("./restore-dialog.tsx").then((module) => module.RestoreDialog), { ssr: false });

/** What can be done with one run. */
export function RunActions({ run }: { run: RunDetail }) {
  const mayEdit = useMay("editor");
  if (!mayEdit) return null;
  if (run.state === "running" || run.state === "queued") return <CancelRun run={run} />;
  const isStored = run.copies.some(({ state }) => state === "stored");
  if (!isStored) return null;
  return (
    <>
      {run.state === "suspect" && run.suspicions.every(({ code }) => code !== "drill") ? <AcceptRun run={run} /> : null}
      <LockRun run={run} />
      <RestoreRun run={run} />
    </>
  );
}

function CancelRun({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const { mutate, isPending } = useMutation(trpc.backups.cancelRun.mutationOptions({ onSuccess: () => toast({ tone: "info", title: "Cancelling", message: "What was written is removed first." }) }));
  return (
    <Button variant="default" leftSection={<IconX size={16} aria-hidden />} loading={isPending} disabled={run.isCancelling} onClick={() => mutate({ id: run.id })}>
      Cancel
    </Button>
  );
}

function AcceptRun({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const { mutate, isPending } = useMutation(trpc.backups.accept.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: "Accepted", message: "This backup counts as good again." }) }));
  return (
    <Button variant="default" loading={isPending} onClick={() => mutate({ id: run.id })}>
      This was meant to be
    </Button>
  );
}

function LockRun({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const mayUnlock = useMay("admin");
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const lock = useMutation(trpc.backups.lock.mutationOptions({ onSuccess: () => setOpened(false) }));
  const unlock = useMutation(trpc.backups.unlock.mutationOptions({}));
  if (run.lock) {
    return mayUnlock ? (
      <Button variant="default" leftSection={<IconLockOpen size={16} aria-hidden />} loading={unlock.isPending} onClick={() => unlock.mutate({ id: run.id })}>
        Unlock
      </Button>
    ) : null;
  }
  return (
    <>
      <Button variant="default" leftSection={<IconLock size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Lock…
      </Button>
      <Confirm opened={opened} onClose={() => setOpened(false)} onConfirm={() => lock.mutate({ id: run.id, reason })} title="Lock this backup" sentence="It is kept whatever the retention policy says, until an administrator unlocks it." confirmLabel="Lock" recordedAs={viewer?.name} busy={lock.isPending}>
        <TextInput label="Why" placeholder="Asked for by the auditors" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
      </Confirm>
    </>
  );
}

function RestoreRun({ run }: { run: RunDetail }) {
  const trpc = useTRPC();
  const [opened, setOpened] = useState(false);
  const { data: plan } = useQuery(trpc.backups.get.queryOptions({ id: run.planId }));
  return (
    <>
      <Button leftSection={<IconHistory size={16} aria-hidden />} disabled={!plan} onClick={() => setOpened(true)}>
        Restore…
      </Button>
      {opened && plan ? <RestoreDialog plan={plan} runId={run.id} onClose={() => setOpened(false)} /> : null}
    </>
  );
}
