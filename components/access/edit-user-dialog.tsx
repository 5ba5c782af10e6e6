"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { User } from "../../server/access/schema.ts";
import { describeError } from "../data/describe-error.ts";
import { toast } from "../shell/toast.ts";
import { useTRPC } from "../trpc/client.tsx";
import { RoleChoice } from "./role-choice.tsx";
import styles from "./access.module.css";

/** Changes name and role of a person. */
export function EditUserDialog({ user, opened, onClose }: { user: User; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${user.name}`}>
      {opened ? <EditUserForm user={user} onClose={onClose} /> : null}
    </Modal>
  );
}

function EditUserForm({ user, onClose }: { user: User; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: user.name, role: user.role } });
  const update = useMutation(
    trpc.access.updateUser.mutationOptions({
      meta: { quiet: true },
      onSuccess: async () => {
        await client.invalidateQueries(trpc.access.pathFilter());
        toast({ tone: "ok", title: "Saved" });
        onClose();
      },
      onError: (error) => form.setErrors({ name: describeError(error).message }),
    }),
  );
  return (
    <form className={styles.form} onSubmit={form.onSubmit((values) => update.mutate({ id: user.id, ...values }))}>
      <TextInput label="Name" required data-autofocus key={form.key("name")} {...form.getInputProps("name")} />
      <RoleChoice defaultValue={user.role} onChange={(role) => form.setFieldValue("role", role)} />
      <p className={styles.note}>A new role holds from the next request on, also for the API keys of {user.name}.</p>
      <div className={styles.end}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={update.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
