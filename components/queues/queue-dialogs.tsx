"use client";
import { JsonInput, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { QueueDetail } from "../../server/queues/schema/index.ts";
import { Confirm } from "../data/confirm.tsx";
import { formatCount, plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { useRefresh } from "./use-refresh.ts";

export type QueueDialogKind = "test" | "schedule" | "policy" | "places" | "rate" | "drain";
type Props = { queue: QueueDetail; onClose: () => void };

const PLACES_MAX = 1_000;
const RATE_MAX = 10_000;

export function QueueDialog({ kind, ...props }: Props & { kind: QueueDialogKind }) {
  switch (kind) {
    case "test":
      return <TestDialog {...props} />;
    case "schedule":
      return <ScheduleDialog {...props} />;
    case "policy":
      return <PolicyDialog {...props} />;
    case "places":
      return <PlacesDialog {...props} />;
    case "rate":
      return <RateDialog {...props} />;
    case "drain":
      return <DrainDialog {...props} />;
    default:
      return kind satisfies never;
  }
}

const refOf = ({ connection, name }: QueueDetail) => ({ connection, queue: name });

/** What all dialogs do when the server agreed. */
function useEnd(onClose: () => void) {
  const refresh = useRefresh();
  return (title: string) => async () => {
    toast({ tone: "ok", title });
    onClose();
    await refresh();
  };
}

/** The data stays as it was typed: to format it would round large numbers. */
function TestDialog({ queue, onClose }: Props) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [data, setData] = useState("{}");
  const { mutate, isPending } = useMutation(trpc.queues.enqueueTest.mutationOptions({ onSuccess: useEnd(onClose)("Test job added") }));
  return (
    <Confirm opened onClose={onClose} onConfirm={() => mutate({ ...refOf(queue), data })} title="Add a test job" sentence="A worker will take it like any other: it does real work with this data." confirmLabel="Add job" recordedAs={viewer?.name} busy={isPending}>
      <JsonInput label="Data" value={data} onChange={setData} autosize minRows={4} maxRows={14} validationError="This is not JSON." data-autofocus />
    </Confirm>
  );
}

function ScheduleDialog({ queue, onClose }: Props) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [key, setKey] = useState(queue.schedules[0]?.key ?? "");
  const { mutate, isPending } = useMutation(trpc.queues.runSchedule.mutationOptions({ onSuccess: useEnd(onClose)("The schedule's job is in line") }));
  const options = queue.schedules.map((schedule) => ({ value: schedule.key, label: `${schedule.key ? `${schedule.key}: ` : ""}${schedule.line} ${schedule.zone}` }));
  return (
    <Confirm opened onClose={onClose} onConfirm={() => mutate({ ...refOf(queue), key })} title="Run a schedule now" sentence="Its job is added once more. Its next run by the clock stays as it is." confirmLabel="Run now" recordedAs={viewer?.name} busy={isPending}>
      <Select label="Schedule" data={options} value={key} onChange={(next) => setKey(next ?? "")} allowDeselect={false} />
    </Confirm>
  );
}

function PolicyDialog({ queue, onClose }: Props) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const { data: policy } = useQuery(trpc.queues.policy.queryOptions(refOf(queue)));
  const [typed, type] = useState<string | null>(null);
  const reason = typed ?? policy?.neverRetry ?? "";
  const isForbidden = reason.trim() !== "";
  const { mutate, isPending } = useMutation(trpc.queues.setNeverRetry.mutationOptions({ onSuccess: useEnd(onClose)(isForbidden ? "Retries are forbidden" : "Retries are allowed") }));
  return (
    <Confirm
      opened
      onClose={onClose}
      onConfirm={() => mutate({ ...refOf(queue), reason: isForbidden ? reason : null })}
      title="Retry policy"
      sentence="Some work must not be done late, such as notices that are out of date. With a reason here, nobody can retry jobs of this queue, singly or in bulk, and reads why."
      confirmLabel={isForbidden ? "Never retry" : "Allow retries"}
      recordedAs={viewer?.name}
      busy={isPending}
    >
      <TextInput label="Never retry, because" description="Empty allows retries." placeholder="Old notices must not go out" value={reason} maxLength={300} onChange={(event) => type(event.currentTarget.value)} data-autofocus />
    </Confirm>
  );
}

function PlacesDialog({ queue, onClose }: Props) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const { data: policy } = useQuery(trpc.queues.policy.queryOptions(refOf(queue)));
  const [typed, type] = useState<number | "" | null>(null);
  const places = typed ?? policy?.concurrency ?? "";
  const { mutate, isPending } = useMutation(trpc.queues.setConcurrency.mutationOptions({ onSuccess: useEnd(onClose)("Workers use the new figure from their next look on") }));
  return (
    <Confirm opened onClose={onClose} onConfirm={() => mutate({ ...refOf(queue), concurrency: places === "" ? null : places })} title="Places a worker" sentence="How many jobs of this kind one worker runs at once. What runs above a smaller figure still ends." confirmLabel="Set places" recordedAs={viewer?.name} busy={isPending}>
      <NumberInput label="Jobs at once" description="Empty: as the code declares." placeholder="as declared" min={1} max={PLACES_MAX} allowDecimal={false} value={places} onChange={(value) => type(value === "" ? "" : Number(value))} data-autofocus />
    </Confirm>
  );
}

function RateDialog({ queue, onClose }: Props) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [perSecond, setPerSecond] = useState<number | "">(queue.rateCap ?? "");
  const { mutate, isPending } = useMutation(trpc.queues.setRateCap.mutationOptions({ onSuccess: useEnd(onClose)(perSecond === "" ? "The rate is not capped" : "The rate is capped") }));
  return (
    <Confirm opened onClose={onClose} onConfirm={() => mutate({ ...refOf(queue), perSecond: perSecond === "" ? null : perSecond })} title="Rate cap" sentence="At most this many jobs of the queue begin in each second, over all workers. The others wait in line." confirmLabel={perSecond === "" ? "Lift cap" : "Set cap"} recordedAs={viewer?.name} busy={isPending}>
      <NumberInput label="Jobs a second" description="Empty: as fast as workers take them." placeholder="no cap" min={1} max={RATE_MAX} allowDecimal={false} value={perSecond} onChange={(value) => setPerSecond(value === "" ? "" : Number(value))} data-autofocus />
    </Confirm>
  );
}

function DrainDialog({ queue, onClose }: Props) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const { mutate, isPending } = useMutation(trpc.queues.drain.mutationOptions({ onSuccess: useEnd(onClose)("Nothing waits any more") }));
  const { waiting, delayed } = queue.counts;
  return (
    <Confirm
      opened
      onClose={onClose}
      onConfirm={() => mutate(refOf(queue))}
      title={`Drain ${queue.name}`}
      sentence="Everything that waits or is delayed is deleted. What runs goes on; failed jobs stay."
      consequence={{ title: "This cannot be undone", text: `${plural(waiting, "waiting job")} and ${formatCount(delayed)} delayed are lost.` }}
      typeName={queue.name}
      confirmLabel="Drain queue"
      danger
      recordedAs={viewer?.name}
      busy={isPending}
    />
  );
}
