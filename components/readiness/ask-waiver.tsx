"use client";
import { Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { WAIVER_MAX_DAYS, type Scorecard } from "../../server/readiness/schema/index.ts";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const dayText = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Asks that a rule count as held until a day. Somebody else decides. */
export function AskWaiver({ card, rule, onClose }: { card: Scorecard; rule: string; onClose: () => void }) {
  const trpc = useTRPC();
  const [today] = useState(() => Date.now());
  const title = card.lines.find((line) => line.rule === rule)?.title ?? rule;
  const { mutateAsync } = useMutation(trpc.readiness.requestWaiver.mutationOptions({ meta: { quiet: true } }));
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { reason: "", expiresAt: dayText(today + USUAL_DAYS * DAY_MS) },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.RequestWaiver),
    toInput: (values) => ({ id: card.serviceId, rule, reason: values.reason, expiresAt: new Date(`${values.expiresAt}T00:00:00Z`) }),
    send: async (input) => {
      await mutateAsync(input);
      toast({ tone: "ok", title: "Waiver asked for", message: "Another administrator decides." });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Ask for a waiver">
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <p className={styles.hint}>
          “{title}” counts as held for {card.name} until that day, once an administrator other than you agrees. Then it counts again by itself.
        </p>
        <Textarea label="Reason" autosize minRows={3} data-autofocus {...form.getInputProps("reason")} />
        <TextInput label="Until" type="date" min={dayText(today + DAY_MS)} max={dayText(today + WAIVER_MAX_DAYS * DAY_MS)} description={`At most ${WAIVER_MAX_DAYS} days. What lasts longer is a risk.`} {...form.getInputProps("expiresAt")} />
        <FormEnd {...end} submit="Ask" onCancel={onClose} />
      </form>
    </Modal>
  );
}
