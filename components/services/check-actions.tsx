"use client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { CheckDetail } from "../../server/services/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./services.module.css";

/** What can be done with one check. */
export function CheckActions({ check, onEdit, onRemoved }: { check: CheckDetail; onEdit: () => void; onRemoved: () => void }) {
  const trpc = useTRPC();
  const run = useMutation(trpc.services.checkNow.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: "Check started", message: "Its result appears here." }) }));
  const pause = useMutation(trpc.services.pauseCheck.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: "Check paused", message: "Time without it is not charged to uptime." }) }));
  const resume = useMutation(trpc.services.resumeCheck.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: "Check resumed" }) }));
  const act = { id: check.id };
  return (
    <div className={styles.panelActions}>
      {check.pausedAt ? (
        <Button variant="default" size="xs" leftSection={<IconPlayerPlay size={14} aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate(act)}>
          Resume
        </Button>
      ) : (
        <>
          <Button variant="default" size="xs" leftSection={<IconPlayerPlay size={14} aria-hidden />} loading={run.isPending} onClick={() => run.mutate(act)}>
            Check now
          </Button>
          <Button variant="default" size="xs" leftSection={<IconPlayerPause size={14} aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate(act)}>
            Pause
          </Button>
        </>
      )}
      {check.kind === "self" ? null : (
        <>
          <Button variant="default" size="xs" leftSection={<IconPencil size={14} aria-hidden />} onClick={onEdit}>
            Edit
          </Button>
          <RemoveCheck check={check} onRemoved={onRemoved} />
        </>
      )}
    </div>
  );
}

function RemoveCheck({ check, onRemoved }: { check: CheckDetail; onRemoved: () => void }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [opened, setOpened] = useState(false);
  const { mutate, isPending } = useMutation(
    trpc.services.removeCheck.mutationOptions({
      onSuccess: () => {
        toast({ tone: "ok", title: `${check.name} removed` });
        setOpened(false);
        onRemoved();
      },
    }),
  );
  return (
    <>
      <Button variant="outline" color="red" size="xs" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setOpened(true)}>
        Remove
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        onConfirm={() => mutate({ id: check.id })}
        title={`Remove ${check.name}`}
        sentence="The check stops at once. Pausing it instead keeps everything."
        consequence={{ title: "Its results are lost", text: "Latency, bars and results of this check are deleted. The service's own uptime stays as it was counted." }}
        confirmLabel="Remove check"
        danger
        recordedAs={viewer?.name}
        busy={isPending}
      />
    </>
  );
}
