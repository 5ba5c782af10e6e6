"use client";
import { Button, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { QUEUE_RULES, type QueueDetail, type QueueRule, type Thresholds } from "../../server/queues/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { RelativeTime } from "../data/relative-time.tsx";
import { StatusText } from "../data/status.tsx";
import { Card } from "../shell/page.tsx";
import { toast } from "../shell/toast.ts";
import { useMay } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { LEVEL_WORDS, RULE_WORDS } from "./rule-words.ts";
import styles from "./queues.module.css";

/** What the rules say of the queue, since when, and where their thresholds lie. */
export function RulesCard({ queue, at }: { queue: QueueDetail; at: React.ReactNode }) {
  const mayEdit = useMay("editor");
  const [isEditing, edit] = useState(false);
  const source = queue.thresholdsRevision === 0 ? "Default thresholds" : "Thresholds of this queue";
  return (
    <Card
      title="Rules"
      aside={
        mayEdit && !isEditing ? (
          <Button size="compact-xs" variant="default" onClick={() => edit(true)}>
            Change thresholds
          </Button>
        ) : null
      }
      footer={{ source, at }}
    >
      {isEditing ? <ThresholdForm queue={queue} onDone={() => edit(false)} /> : <RuleList queue={queue} />}
    </Card>
  );
}

const bounds = (rule: QueueRule, { warn, critical }: Thresholds[QueueRule]): string => {
  const { format } = RULE_WORDS[rule];
  if (warn === null && critical === null) return "off";
  return [warn === null ? null : `warns above ${format(warn)}`, critical === null ? null : `critical above ${format(critical)}`].filter(Boolean).join(", ");
};

function RuleList({ queue }: { queue: QueueDetail }) {
  return (
    <ul className={styles.rules} aria-label="Rules">
      {QUEUE_RULES.map((rule) => {
        const state = queue.rules.find((one) => one.rule === rule);
        const { label, format } = RULE_WORDS[rule];
        const level = state ? LEVEL_WORDS[state.level] : null;
        return (
          <li key={rule}>
            <StatusText state={level?.state ?? "unknown"}>{label}</StatusText>
            <span className={styles.stepDetail}>
              {state ? (
                <>
                  {format(state.value)}, {level?.word.toLowerCase()} since <RelativeTime at={state.since} suffix="" />
                </>
              ) : (
                "not judged yet"
              )}
              {" · "}
              {bounds(rule, queue.thresholds[rule])}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

type Values = Record<QueueRule, { warn: number | string; critical: number | string }>;
/** People read a rate in percent. */
const scaleOf = (rule: QueueRule) => (rule === "failureRate" ? 100 : 1);
const toField = (rule: QueueRule, value: number | null) => (value === null ? "" : Math.round(value * scaleOf(rule) * 100) / 100);
const toBound = (rule: QueueRule, value: number | string) => (value === "" ? null : Number(value) / scaleOf(rule));

function ThresholdForm({ queue, onDone }: { queue: QueueDetail; onDone: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const fields = QUEUE_RULES.map((rule) => [rule, { warn: toField(rule, queue.thresholds[rule].warn), critical: toField(rule, queue.thresholds[rule].critical) }]);
  const form = useForm<Values>({ initialValues: Object.fromEntries(fields) as Values });
  const save = useMutation(
    trpc.queues.setThresholds.mutationOptions({
      meta: { quiet: true },
      onSuccess: async () => {
        toast({ tone: "ok", title: "Thresholds saved", message: "The queue is judged by them within seconds." });
        onDone();
        await client.invalidateQueries(trpc.queues.pathFilter());
      },
    }),
  );
  const send = (thresholds: Thresholds | null) => save.mutate({ connection: queue.connection, queue: queue.name, revision: queue.thresholdsRevision, thresholds });
  const read = (values: Values) => Object.fromEntries(QUEUE_RULES.map((rule) => [rule, { warn: toBound(rule, values[rule].warn), critical: toBound(rule, values[rule].critical) }])) as Thresholds;
  return (
    <form className={styles.form} onSubmit={form.onSubmit((values) => send(read(values)))}>
      {QUEUE_RULES.map((rule) => (
        <div key={rule} className={styles.ruleRow}>
          <span>
            {RULE_WORDS[rule].label} <span className="sw-dim">{RULE_WORDS[rule].unit}</span>
          </span>
          <NumberInput aria-label={`${RULE_WORDS[rule].label}: warn above`} placeholder="never" leftSection="!" min={0} {...form.getInputProps(`${rule}.warn`)} />
          <NumberInput aria-label={`${RULE_WORDS[rule].label}: critical above`} placeholder="never" leftSection="!!" min={0} {...form.getInputProps(`${rule}.critical`)} />
        </div>
      ))}
      <p className={styles.note}>The first figure warns, the second is critical. An empty field never does.</p>
      <FormProblem problem={save.error ? describeError(save.error).message : null} />
      <div className={styles.formActions}>
        {queue.thresholdsRevision > 0 ? (
          <Button variant="default" onClick={() => send(null)} disabled={save.isPending}>
            Back to defaults
          </Button>
        ) : null}
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
