"use client";
import { Button, Modal, SegmentedControl, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Connection } from "../../server/queues/schema/index.ts";
import { describeError } from "../data/describe-error.ts";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { connectionField, connectionValues, EMPTY_CONNECTION, toConfig, type ConnectionValues } from "./connection-values.ts";
import { KIND_WORDS } from "./connection-words.ts";
import { TrialSteps } from "./trial-steps.tsx";
import styles from "./queues.module.css";

const KINDS = (["bullmq", "rabbitmq", "pgboss"] as const).map((value) => ({ value, label: KIND_WORDS[value] }));
const words = () => import("../../server/queues/schema/index.ts");

/** Connects a queue system, or changes a connection. */
export function ConnectionDialog({ connection, onClose }: { connection: Connection | null; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={connection ? `Change ${connection.name}` : "Connect a queue system"}>
      <ConnectionForm connection={connection} onClose={onClose} />
    </Modal>
  );
}

function ConnectionForm({ connection, onClose }: { connection: Connection | null; onClose: () => void }) {
  const save = useSave(connection, onClose);
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: connection ? connectionValues(connection) : EMPTY_CONNECTION,
    schema: () => words().then((module) => module.AddConnection),
    toInput: (values) => ({ name: values.name, config: toConfig(values) }),
    fieldOf: connectionField,
    send: save,
  });
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <TextInput label="Name" required data-autofocus placeholder="Shop Redis" {...form.getInputProps("name")} />
      {connection ? null : <SegmentedControl aria-label="Kind" data={KINDS} {...form.getInputProps("kind")} />}
      <KindFields form={form} />
      <Trial form={form} id={connection?.id} />
      <FormEnd {...end} submit={connection ? "Save" : "Connect"} onCancel={onClose} />
    </form>
  );
}

function KindFields({ form }: { form: UseFormReturnType<ConnectionValues> }) {
  switch (form.values.kind) {
    case "pgboss":
      return (
        <>
          <TextInput label="PostgreSQL address" required placeholder="postgresql://user:password@db.internal:5432/app" description="A user that may only read is enough to look; operations then stay off." {...form.getInputProps("url")} />
          <TextInput label="Schema" required {...form.getInputProps("schema")} />
        </>
      );
    case "bullmq":
      return (
        <>
          <TextInput label="Redis address" required placeholder="redis://:password@redis.internal:6379/0" {...form.getInputProps("url")} />
          <TextInput label="Prefix" required description="As the queues were given it; bull unless the application says otherwise." {...form.getInputProps("prefix")} />
        </>
      );
    case "rabbitmq":
      return (
        <>
          <TextInput label="AMQP address" required placeholder="amqp://user:password@rabbit.internal:5672/vhost" {...form.getInputProps("url")} />
          <TextInput label="Management address" required placeholder="http://rabbit.internal:15672" description="Signs in with the same user, which needs the tag monitoring." {...form.getInputProps("managementUrl")} />
        </>
      );
    default:
      return form.values.kind satisfies never;
  }
}

/** Tries what is typed, before it is kept. */
function Trial({ form, id }: { form: UseFormReturnType<ConnectionValues>; id: string | undefined }) {
  const trpc = useTRPC();
  const test = useMutation(
    trpc.queues.testConnection.mutationOptions({
      meta: { quiet: true },
      onError: (error) => form.setErrors(Object.fromEntries(Object.entries(describeError(error).fields).map(([path, text]) => [connectionField(path), text]))),
    }),
  );
  return (
    <div className={styles.trial}>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ config: toConfig(form.values), ...(id ? { id } : {}) })}>
        Test
      </Button>
      {test.data ? <TrialSteps tried={test.data.tried} /> : null}
      {test.error ? <p className={styles.error}>{describeError(test.error).message}</p> : null}
    </div>
  );
}

function useSave(connection: Connection | null, onClose: () => void) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const add = useMutation(trpc.queues.addConnection.mutationOptions({ meta: { quiet: true } }));
  const update = useMutation(trpc.queues.updateConnection.mutationOptions({ meta: { quiet: true } }));
  return async (input: Parameters<typeof add.mutateAsync>[0]): Promise<void> => {
    const saved = connection ? await update.mutateAsync({ id: connection.id, revision: connection.revision, ...input }) : await add.mutateAsync(input);
    toast({ tone: "ok", title: connection ? `${saved.name} saved` : `${saved.name} connected`, message: "Its queues are read within seconds." });
    onClose();
    await client.invalidateQueries(trpc.queues.pathFilter());
  };
}
