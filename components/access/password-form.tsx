"use client";
import { Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { passwordProblem } from "../../server/access/schema/password-rule.ts";
import { describeError } from "../data/describe-error.ts";
import { toast } from "../shell/toast.ts";
import type { Viewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import styles from "./access.module.css";

/** Changes the viewer's own password. */
export function PasswordForm({ viewer }: { viewer: Viewer }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { currentPassword: "", newPassword: "" },
    validate: { newPassword: (value) => passwordProblem(value, viewer.email) },
  });
  const change = useMutation(
    trpc.access.changePassword.mutationOptions({
      meta: { quiet: true },
      onSuccess: async () => {
        form.reset();
        toast({ tone: "ok", title: "Password changed", message: "Your other sessions are ended." });
        await client.invalidateQueries(trpc.access.pathFilter());
      },
      onError: (error) => {
        const { fields, message } = describeError(error);
        form.setErrors(Object.keys(fields).length > 0 ? fields : { currentPassword: message });
      },
    }),
  );
  return (
    <form className={styles.form} onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <input type="hidden" name="username" autoComplete="username" value={viewer.email} readOnly />
      <PasswordInput label="Present password" required autoComplete="current-password" key={form.key("currentPassword")} {...form.getInputProps("currentPassword")} />
      <PasswordInput label="New password" description="At least 12 characters; long beats complicated." required autoComplete="new-password" key={form.key("newPassword")} {...form.getInputProps("newPassword")} />
      <div className={styles.end}>
        <Button type="submit" loading={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}
