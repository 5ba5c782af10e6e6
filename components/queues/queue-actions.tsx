"use client";
import { Button, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconArrowBackUp, IconDots, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { QueueDetail } from "../../server/queues/schema/index.ts";
import { formatCount, plural } from "../data/format.ts";
import { QuietIcon } from "../data/quiet-icon.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { operationWord } from "./operation-words.ts";
import { QueueDialog, type QueueDialogKind } from "./queue-dialogs.tsx";
import { StartOperation } from "./start-operation.tsx";

/** What may be done to the queue as a whole; nothing for a Viewer. */
export function QueueActions({ queue }: { queue: QueueDetail }) {
  const mayEdit = useMay("editor");
  const [dialog, open] = useState<QueueDialogKind | "redrive" | null>(null);
  if (!mayEdit) return null;
  const of = { connection: queue.connection, queue: queue.name };
  const { dead } = queue.counts;
  return (
    <>
      {queue.can.redrive === true && dead > 0 ? (
        <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => open("redrive")}>
          {operationWord("redrive", queue.kind)} {queue.kind === "own" ? `${formatCount(dead)} failed` : plural(dead, "dead letter")}
        </Button>
      ) : null}
      <PauseButton queue={queue} />
      <MoreMenu queue={queue} onOpen={open} />
      {dialog === "redrive" ? (
        <StartOperation operation="redrive" target={{ of, state: "dead", filter: "", ids: null, count: dead, isExact: true }} kind={queue.kind} onClose={() => open(null)} onStarted={() => open(null)} />
      ) : null}
      {dialog && dialog !== "redrive" ? <QueueDialog kind={dialog} queue={queue} onClose={() => open(null)} /> : null}
    </>
  );
}

function PauseButton({ queue }: { queue: QueueDetail }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const end = (title: string, message: string) => ({
    onSuccess: async () => {
      toast({ tone: "ok", title, message });
      await client.invalidateQueries(trpc.queues.pathFilter());
    },
  });
  const pause = useMutation(trpc.queues.pause.mutationOptions(end("Queue paused", "What runs goes on; nothing more is taken.")));
  const resume = useMutation(trpc.queues.resume.mutationOptions(end("Queue resumed", "Workers take its jobs again.")));
  const of = { connection: queue.connection, queue: queue.name };
  if (queue.can[queue.isPaused ? "resume" : "pause"] !== true) return null;
  return queue.isPaused ? (
    <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate(of)}>
      Resume queue
    </Button>
  ) : (
    <Button variant="default" leftSection={<IconPlayerPause size={16} aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate(of)}>
      Pause queue
    </Button>
  );
}

function MoreMenu({ queue, onOpen }: { queue: QueueDetail; onOpen: (kind: QueueDialogKind) => void }) {
  const { can, kind, schedules } = queue;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <QuietIcon label="More for this queue">
          <IconDots size={18} aria-hidden />
        </QuietIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {can.enqueueTest === true ? <Menu.Item onClick={() => onOpen("test")}>Add a test job</Menu.Item> : null}
        {can.runSchedule === true && schedules.length > 0 ? <Menu.Item onClick={() => onOpen("schedule")}>Run a schedule now</Menu.Item> : null}
        <Menu.Item onClick={() => onOpen("policy")}>Retry policy</Menu.Item>
        {kind === "own" ? <Menu.Item onClick={() => onOpen("places")}>Places a worker</Menu.Item> : null}
        {can.setRateCap === true ? <Menu.Item onClick={() => onOpen("rate")}>Rate cap</Menu.Item> : null}
        {can.drain === true ? (
          <Menu.Item color="red" onClick={() => onOpen("drain")}>
            Drain
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
