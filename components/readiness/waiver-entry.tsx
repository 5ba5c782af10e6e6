"use client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Waiver } from "../../server/readiness/schema/index.ts";
import { Confirm } from "../data/confirm.tsx";
import { formatDay } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { toast } from "../shell/toast.ts";
import { useMay, useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

/** One waiver with what may be done about it: decide for others, take back. */
export function WaiverEntry({ waiver, named = false }: { waiver: Waiver; named?: boolean }) {
  const isAsked = waiver.state === "asked";
  const isOpen = isAsked || waiver.state === "inForce";
  return (
    <li className={styles.entry}>
      <h3>
        {named ? `${waiver.serviceName}: ` : ""}
        {waiver.title}
      </h3>
      <p>
        {waiver.reason} {isAsked ? `Asked by ${waiver.requestedBy}.` : waiver.decidedBy ? `${waiver.state === "denied" ? "Denied" : "Approved"} by ${waiver.decidedBy}.` : ""} {waiver.decisionNote}
      </p>
      <p className={isOpen ? styles.warn : undefined}>
        {stateWords(waiver)} {isOpen ? <RelativeTime at={waiver.expiresAt} /> : null}
      </p>
      {isOpen ? <WaiverActions waiver={waiver} /> : null}
    </li>
  );
}

function stateWords({ state, expiresAt, endedAt }: Waiver): string {
  switch (state) {
    case "asked":
      return `waits for an administrator; would end ${formatDay(expiresAt)},`;
    case "inForce":
      return `ends ${formatDay(expiresAt)},`;
    case "expired":
      return `ended ${formatDay(endedAt ?? expiresAt)}`;
    case "denied":
      return "denied";
    case "withdrawn":
      return "taken back";
    default:
      return state satisfies never;
  }
}

function WaiverActions({ waiver }: { waiver: Waiver }) {
  const trpc = useTRPC();
  const viewer = useViewer();
  const [withdrawing, setWithdrawing] = useState(false);
  const mayDecide = useMay("admin") && waiver.state === "asked" && viewer?.id !== waiver.requestedById;
  const mayEdit = useMay("editor");
  const decide = useMutation(trpc.readiness.decideWaiver.mutationOptions({ onSuccess: ({ state }) => toast({ tone: "ok", title: state === "inForce" ? "Waiver approved" : "Waiver denied" }) }));
  const withdraw = useMutation(trpc.readiness.withdrawWaiver.mutationOptions({ onSuccess: () => { setWithdrawing(false); toast({ tone: "ok", title: "Waiver taken back", message: "The rule counts again." }); } }));
  if (!mayEdit) return null;
  return (
    <div className={styles.entryActions}>
      {mayDecide ? (
        <>
          <Button size="xs" variant="default" loading={decide.isPending} onClick={() => decide.mutate({ waiver: waiver.id, decision: "approve" })}>
            Approve
          </Button>
          <Button size="xs" variant="default" loading={decide.isPending} onClick={() => decide.mutate({ waiver: waiver.id, decision: "deny" })}>
            Deny
          </Button>
        </>
      ) : null}
      <Button size="xs" variant="subtle" color="gray" onClick={() => setWithdrawing(true)}>
        Take back
      </Button>
      <Confirm
        opened={withdrawing}
        onClose={() => setWithdrawing(false)}
        onConfirm={() => withdraw.mutate({ waiver: waiver.id })}
        title="Take the waiver back"
        sentence={`“${waiver.title}” counts for ${waiver.serviceName} again at once.`}
        confirmLabel="Take back"
        recordedAs={viewer?.name}
        busy={withdraw.isPending}
      />
    </div>
  );
}
