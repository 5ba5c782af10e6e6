"use client";
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconDots, IconHistory, IconPlayerPlay, IconTool } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { PlanDetail } from "../../server/backups/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";

const RestoreDialog = dynamic(() => import("./restore-dialog.tsx").then((module) => module.RestoreDialog), { ssr: false });

/** What can be done with a plan: back up, drill, restore, and the rarer acts behind a menu. */
export function PlanActions({ plan }: { plan: PlanDetail }) {
  const trpc = useTRPC();
  const mayEdit = useMay("editor");
  const [isRestoring, setIsRestoring] = useState(false);
  const run = useMutation(trpc.backups.runNow.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: "Backup started", message: "Its progress appears here." }) }));
  const drill = useMutation(trpc.backups.drillNow.mutationOptions({ onSuccess: () => toast({ tone: "ok", title: "Drill started", message: "The newest backup is restored into a scratch place and compared." }) }));
  if (!mayEdit) return null;
  return (
    <>
      {plan.archivedAt || !plan.hasSource ? null : (
        <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={run.isPending} disabled={plan.activeRunId !== null} onClick={() => run.mutate({ id: plan.id, trigger: "manual" })}>
          Back up now
        </Button>
      )}
      {plan.copies > 0 ? (
        <>
          <Button variant="default" leftSection={<IconTool size={16} aria-hidden />} loading={drill.isPending} disabled={plan.activeDrillId !== null} onClick={() => drill.mutate({ id: plan.id })}>
            Drill now
          </Button>
          <Button leftSection={<IconHistory size={16} aria-hidden />} onClick={() => setIsRestoring(true)}>
            Restore…
          </Button>
        </>
      ) : null}
      <MoreActions plan={plan} />
      {isRestoring ? <RestoreDialog plan={plan} runId={null} onClose={() => setIsRestoring(false)} /> : null}
    </>
  );
}

function MoreActions({ plan }: { plan: PlanDetail }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [isArchiving, setIsArchiving] = useState(false);
  const said = (title: string) => ({ onSuccess: () => toast({ tone: "ok" as const, title }) });
  const pause = useMutation(trpc.backups.pause.mutationOptions(said(`${plan.name} paused`)));
  const resume = useMutation(trpc.backups.resume.mutationOptions(said(`${plan.name} resumed`)));
  const unarchive = useMutation(trpc.backups.unarchive.mutationOptions(said(`${plan.name} is in use again`)));
  const archive = useMutation(
    trpc.backups.archive.mutationOptions({
      onSuccess: () => {
        setIsArchiving(false);
        toast({ tone: "ok", title: `${plan.name} archived`, message: "Its backups stay where they are." });
      },
    }),
  );
  return (
    <>
      <Menu position="bottom-end" shadow="none">
        <Menu.Target>
          <ActionIcon variant="default" size={32} style={{ flex: "none" }} aria-label="More actions">
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {plan.archivedAt ? <Menu.Item onClick={() => unarchive.mutate({ id: plan.id })}>Take back into use</Menu.Item> : null}
          {!plan.archivedAt && plan.pausedAt && plan.hasSource ? <Menu.Item onClick={() => resume.mutate({ id: plan.id })}>Resume</Menu.Item> : null}
          {!plan.archivedAt && !plan.pausedAt ? <Menu.Item onClick={() => pause.mutate({ id: plan.id })}>Pause</Menu.Item> : null}
          {plan.archivedAt ? null : <Menu.Item onClick={() => setIsArchiving(true)}>Archive…</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={isArchiving}
        onClose={() => setIsArchiving(false)}
        onConfirm={() => archive.mutate({ id: plan.id })}
        title={`Archive ${plan.name}`}
        sentence="No further backup is taken and nothing is deleted. The plan can be taken back into use at any time."
        consequence={{ title: `${plan.sourceLabel} is not backed up from then on`, text: "Its backups stay in their stores, and retention no longer touches them." }}
        confirmLabel="Archive"
        recordedAs={viewer?.name}
        busy={archive.isPending}
      />
    </>
  );
}
