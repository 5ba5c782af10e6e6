"use client";
import { Button, Modal, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "../data/describe-error.ts";
import { useTRPC } from "../trpc/client.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { SecretOnce } from "./secret-once.tsx";
import type { RoleName } from "./words.ts";
import styles from "./access.module.css";

/** Adds a person. Without a password one is made and shown once. */
export function CreateUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<{ email: string; password: string } | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={made ? "User added" : "Add user"} closeOnClickOutside={!made}>
      {made ? (
        <SecretOnce label="The password" secret={made.password} note={`is shown only now. Give it to ${made.email}; it can be changed after signing in.`} onDone={close} />
      ) : (
        <CreateUserForm onCancel={close} onMade={(email, password) => (password ? setMade({ email, password }) : close())} />
      )}
    </Modal>
  );
}

function CreateUserForm({ onCancel, onMade }: { onCancel: () => void; onMade: (email: string, password: string | null) => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: "", email: "", role: "viewer" as RoleName, password: "" } });
  const create = useMutation(
    trpc.access.createUser.mutationOptions({
      meta: { quiet: true },
      onSuccess: async (result) => {
        await client.invalidateQueries(trpc.access.pathFilter());
        onMade(result.user.email, result.generatedPassword);
      },
      onError: (error) => {
        const { fields, message } = describeError(error);
        form.setErrors(Object.keys(fields).length > 0 ? fields : { email: message });
      },
    }),
  );
  return (
    <form className={styles.form} onSubmit={form.onSubmit(({ password, ...values }) => create.mutate({ ...values, password: password || undefined }))}>
      <TextInput label="Name" required data-autofocus autoComplete="off" key={form.key("name")} {...form.getInputProps("name")} />
      <TextInput label="Email" type="email" required autoComplete="off" key={form.key("email")} {...form.getInputProps("email")} />
      <RoleChoice defaultValue="viewer" onChange={(role) => form.setFieldValue("role", role)} />
      <PasswordInput
        label="Password"
        description="Leave it empty to have one made and shown once."
        autoComplete="new-password"
        key={form.key("password")}
        {...form.getInputProps("password")}
      />
      <div className={styles.end}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Add user
        </Button>
      </div>
    </form>
  );
}
