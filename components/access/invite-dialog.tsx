"use client";
import { Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { UserWithLink } from "../../server/access/schema.ts";
import { FormEnd } from "../data/form-end.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { useTRPCClient } from "../trpc/client.tsx";
import { SentLink } from "./link-once.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { useRefresh } from "./second-factor-dialogs.tsx";
import { useSendsMail } from "./use-sends-mail.ts";
import type { RoleName } from "./words.ts";
import styles from "./access.module.css";

/** Invites a person: an account with a role, and the link by which its owner sets name and password. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<UserWithLink | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={made ? "Invited" : "Invite someone"} closeOnClickOutside={!made}>
      {made ? <SentLink made={made} onDone={close} /> : opened ? <InviteForm onCancel={close} onMade={setMade} /> : null}
    </Modal>
  );
}

function InviteForm({ onCancel, onMade }: { onCancel: () => void; onMade: (made: UserWithLink) => void }) {
  const client = useTRPCClient();
  const refresh = useRefresh();
  const sendsMail = useSendsMail();
  const { form, onSubmit, ...end } = useCheckedForm({
    initial: { email: "", role: "viewer" as RoleName, isShown: false },
    schema: async () => (await import("../../server/access/schema.ts")).InviteUser,
    toInput: ({ isShown, ...values }) => ({ ...values, delivery: isShown ? "show" as const : "mail" as const }),
    send: async (input) => {
      onMade(await client.access.inviteUser.mutate(input));
      await refresh();
    },
  });
  const isMailed = sendsMail && !form.values.isShown;
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <TextInput label="Email" type="email" required withAsterisk={false} autoComplete="off" data-autofocus {...form.getInputProps("email")} />
      <RoleChoice defaultValue="viewer" onChange={(role) => form.setFieldValue("role", role)} />
      {sendsMail ? <Checkbox label="Show me the link instead of mailing it" {...form.getInputProps("isShown", { type: "checkbox" })} /> : null}
      <p className={styles.note}>{isMailed ? "They get a link by mail." : "You get a link to send."} It is good for seven days and works once.</p>
      <FormEnd {...end} submit={isMailed ? "Send the invitation" : "Make the link"} onCancel={onCancel} />
    </form>
  );
}
