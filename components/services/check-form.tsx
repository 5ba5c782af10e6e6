"use client";
import { Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { CheckDetail, ServiceDetail } from "../../server/services/schema.ts";
import { FieldRow } from "../data/field-row.tsx";
import { Fold } from "../data/fold.tsx";
import { FormProblem } from "../data/form-problem.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { Figure, HttpAdvanced, TargetFields } from "./check-fields.tsx";
import { CheckTest } from "./check-test.tsx";
import { checkField, checkValues, emptyCheck, toCheckConfig, toCheckRules, type CheckValues } from "./check-values.ts";
import { KIND_WORDS } from "./check-words.ts";
import styles from "./services.module.css";

interface CheckFormProps {
  service: ServiceDetail;
  /** The check to change; a new one without. */
  check?: CheckDetail;
  onClose: () => void;
}

/** The dialog for one check: the target first, how it is judged and how often folded, and a try before saving. */
export function CheckForm({ service, check, onClose }: CheckFormProps) {
  return (
    <Modal opened onClose={onClose} title={check ? `Edit ${check.name}` : `Add a check to ${service.name}`} size={640}>
      <CheckFormBody service={service} check={check} onClose={onClose} />
    </Modal>
  );
}

const KINDS = (["http", "tcp", "postgres", "redis", "heartbeat"] as const).map((kind) => ({ value: kind, label: KIND_WORDS[kind] }));
const RULE_FIELDS = ["name", "intervalSeconds", "timeoutMs", "failuresBeforeDown", "successesBeforeUp"];
const TARGET_FIELDS = ["url", "host", "port", "connectionString", "query", "expect", "redisUrl", "periodMinutes", "schedule", "timeZone", "graceMinutes"];

function CheckFormBody({ service, check, onClose }: CheckFormProps) {
  const send = useSaveCheck({ service, check, onClose });
  const { form, busy, problem, onSubmit } = useCheckedForm<CheckValues, CheckInput>({
    initial: check ? checkValues(check) : emptyCheck(),
    schema: () => import("../../server/services/schema.ts").then((module) => (check ? module.UpdateCheck : module.AddCheck)),
    toInput: (values) => ({ ...toCheckRules(values), config: toCheckConfig(values), ...(check ? { id: check.id, revision: check.revision } : { id: service.id }) }),
    fieldOf: checkField,
    send,
  });
  const { kind } = form.values;
  const errors = Object.keys(form.errors);
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      {check ? null : <SegmentedControl aria-label="Kind of check" data={KINDS} value={kind} onChange={(next) => form.setFieldValue("kind", next as CheckValues["kind"])} />}
      <TargetFields form={form} />
      {kind === "http" ? (
        <Fold label="Request and expectations" errors={errors.some((path) => !RULE_FIELDS.includes(path) && !TARGET_FIELDS.includes(path))}>
          <HttpAdvanced form={form} />
        </Fold>
      ) : null}
      <Fold label="Name and timing" errors={errors.some((path) => RULE_FIELDS.includes(path))}>
        <TextInput label="Name" description="Its target when empty." {...form.getInputProps("name")} />
        <FieldRow>
          <Figure form={form} path="intervalSeconds" label="Every" unit="s" />
          <Figure form={form} path="timeoutMs" label="Timeout" unit="ms" />
        </FieldRow>
        <FieldRow>
          <Figure form={form} path="failuresBeforeDown" label="Failures before down" />
          <Figure form={form} path="successesBeforeUp" label="Answers before up" />
        </FieldRow>
      </Fold>
      <FormProblem problem={problem} />
      <CheckTest values={form.values} checkId={check?.id} onFields={(fields) => form.setErrors(fields)} canTest={kind !== "heartbeat"}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          {check ? "Save check" : "Add check"}
        </Button>
      </CheckTest>
    </form>
  );
}

type CheckInput = ReturnType<typeof toCheckRules> & { id: string; revision?: number; config: ReturnType<typeof toCheckConfig> };

function useSaveCheck({ check, onClose }: CheckFormProps) {
  const trpc = useTRPC();
  const add = useMutation(trpc.services.addCheck.mutationOptions({ meta: { quiet: true } }));
  const update = useMutation(trpc.services.updateCheck.mutationOptions({ meta: { quiet: true } }));
  return async (input: CheckInput): Promise<void> => {
    const { revision, ...rest } = input;
    const saved = check ? await update.mutateAsync({ ...rest, revision: revision ?? check.revision }) : await add.mutateAsync(rest);
    toast({ tone: "ok", title: check ? `${saved.name} saved` : `${saved.name} added`, message: "It runs now; its result appears here." });
    onClose();
  };
}
