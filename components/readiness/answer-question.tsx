"use client";
import { Button, Modal, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Answer, Item } from "../../server/readiness/schema/index.ts";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./readiness.module.css";

const CHOICES = [{ value: "yes", label: "Yes" }, { value: "no", label: "No" }, { value: "notApplicable", label: "Not needed" }];

/** Answers a question with a note, the evidence and an end. */
export function AnswerQuestion({ item, slug, onClose }: { item: Item; slug: string; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { mutateAsync } = useMutation(trpc.readiness.answerItem.mutationOptions({ meta: { quiet: true } }));
  const save = async (input: Parameters<typeof mutateAsync>[0]): Promise<void> => {
    const next = await mutateAsync(input);
    client.setQueryData(trpc.readiness.checklists.queryKey({ id: slug }), next);
    toast({ tone: "ok", title: input.answer === null ? "Answer taken back" : "Answered" });
    onClose();
  };
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { answer: item.answer ?? "yes", note: item.note, evidenceUrl: item.evidenceUrl ?? "", expiresAt: item.isExpired ? "" : (item.expiresAt?.toISOString().slice(0, 10) ?? "") },
    schema: () => import("../../server/readiness/schema/index.ts").then((module) => module.AnswerItem),
    toInput: (values) => ({ id: slug, item: item.item, answer: values.answer as Answer, note: values.note, evidenceUrl: values.evidenceUrl.trim() || null, expiresAt: values.expiresAt ? new Date(`${values.expiresAt}T00:00:00Z`) : null, revision: item.revision }),
    send: save,
  });
  return (
    <Modal opened onClose={onClose} title={item.title}>
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        <SegmentedControl data={CHOICES} {...form.getInputProps("answer")} aria-label="Answer" />
        <Textarea label="Note" autosize minRows={2} {...form.getInputProps("note")} />
        <TextInput label="Evidence" placeholder="https://" description="An address where it can be seen." {...form.getInputProps("evidenceUrl")} />
        <TextInput label="Holds until" type="date" description="Half a year when left empty. Then it fades." {...form.getInputProps("expiresAt")} />
        <FormEnd {...end} submit="Save" onCancel={onClose}>
          {item.answer === null ? null : (
            <Button variant="subtle" color="gray" mr="auto" onClick={() => void save({ id: slug, item: item.item, answer: null, revision: item.revision })}>
              Take back
            </Button>
          )}
        </FormEnd>
      </form>
    </Modal>
  );
}
