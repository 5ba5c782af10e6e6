"use client";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPencil, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { Link } from "../data/link.tsx";
import { useState } from "react";
import { OPERATIONS, type Connection } from "../../server/queues/schema/index.ts";
import { Confirm } from "../data/confirm.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { StatusBadge } from "../data/status.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { CONNECTION_WORDS, KIND_WORDS } from "./connection-words.ts";
import { TrialSteps } from "./trial-steps.tsx";
import styles from "./queues.module.css";

const ConnectionDialog = dynamic(() => import("./connection-form.tsx").then((module) => module.ConnectionDialog), { ssr: false });

const OPERATION_NAMES: Record<(typeof OPERATIONS)[number], string> = {
  retry: "Retry", promote: "Start early", discard: "Discard", moveToDead: "Move to dead letters", changePriority: "Change priority", redrive: "Send back",
  pause: "Pause", resume: "Resume", setRateCap: "Cap the rate", drain: "Drain", runSchedule: "Run a schedule now", enqueueTest: "Add a test job",
};

/** One connection: how it stands, what was tried, and what the system can do. */
export function ConnectionPanel({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const mayEdit = useMay("editor") && connection.kind !== "own";
  const { word, state } = CONNECTION_WORDS[connection.state];
  return (
    <SidePanel title={connection.name} label={`Connection ${connection.name}`} width={440} badge={<StatusBadge state={state}>{word}</StatusBadge>} onClose={onClose}>
      {mayEdit ? <ConnectionActions connection={connection} onGone={onClose} /> : null}
      {connection.state === "down" ? (
        <SidePanelSection title="What was tried">
          <p className={styles.error}>{connection.problem}</p>
          <TrialSteps tried={connection.tried} />
          <p className={styles.note}>
            It is tried again <RelativeTime at={connection.nextReadAt} />.
          </p>
        </SidePanelSection>
      ) : null}
      <SidePanelSection>
        <Facts
          rows={[
            ["Kind", KIND_WORDS[connection.kind]],
            ["Leads to", connection.target],
            ["Found there", connection.found ?? "nothing yet"],
            ["Queues", <Link key="queues" className="sw-link" href={`/queues?q=connection:${connection.id}`}>{plural(connection.queues, "queue")}</Link>],
            ["Last read", <RelativeTime key="read" at={connection.lastReadAt} never="never" />],
            [`${word} since`, <RelativeTime key="since" at={connection.stateSince} suffix="" />],
          ]}
        />
      </SidePanelSection>
      <SidePanelSection title="What it can do">
        <ul className={styles.abilities}>
          {OPERATIONS.map((operation) => (
            <li key={operation}>
              {OPERATION_NAMES[operation]}: {connection.can[operation] === true ? "yes" : <span className="sw-dim">{connection.can[operation]}</span>}
            </li>
          ))}
        </ul>
      </SidePanelSection>
    </SidePanel>
  );
}

function ConnectionActions({ connection, onGone }: { connection: Connection; onGone: () => void }) {
  const [open, setOpen] = useState<"edit" | "remove" | null>(null);
  return (
    <SidePanelSection>
      <div className={styles.buttons}>
        <TestButton connection={connection} />
        <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setOpen("edit")}>
          Change
        </Button>
        <Button variant="outline" color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setOpen("remove")}>
          Remove
        </Button>
      </div>
      {open === "edit" ? <ConnectionDialog connection={connection} onClose={() => setOpen(null)} /> : null}
      {open === "remove" ? <RemoveConnection connection={connection} onClose={() => setOpen(null)} onGone={onGone} /> : null}
    </SidePanelSection>
  );
}

/** Tries the stored settings now. */
function TestButton({ connection }: { connection: Connection }) {
  const trpc = useTRPC();
  const test = useMutation(trpc.queues.testConnection.mutationOptions());
  if (!connection.config) return null;
  const { config, id } = connection;
  return (
    <>
      <Button variant="default" leftSection={<IconPlugConnected size={16} aria-hidden />} loading={test.isPending} onClick={() => test.mutate({ config, id })}>
        Test
      </Button>
      {test.data ? <TrialSteps tried={test.data.tried} /> : null}
    </>
  );
}

function RemoveConnection({ connection, onClose, onGone }: { connection: Connection; onClose: () => void; onGone: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const viewer = useViewer();
  const remove = useMutation(
    trpc.queues.removeConnection.mutationOptions({
      onSuccess: async () => {
        toast({ tone: "ok", title: `${connection.name} removed` });
        onGone();
        await client.invalidateQueries(trpc.queues.pathFilter());
      },
    }),
  );
  return (
    <Confirm
      opened
      onClose={onClose}
      onConfirm={() => remove.mutate({ id: connection.id })}
      title={`Remove ${connection.name}`}
      sentence="The console forgets this connection. The queue system and its jobs are not touched."
      consequence={{ title: "Its history is deleted", text: `Samples, thresholds and states of ${plural(connection.queues, "queue")} go with it.` }}
      typeName={connection.name}
      confirmLabel="Remove connection"
      danger
      recordedAs={viewer?.name}
      busy={remove.isPending}
    />
  );
}
