"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { UserWithLink } from "../../server/access/schema.ts";
import { FormProblem } from "../data/form-problem.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { useTRPCClient } from "../trpc/client.tsx";
import { LinkOnce } from "./link-once.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { useRefresh } from "./second-factor-dialogs.tsx";
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
    <Modal opened={opened} onClose={close} title={made ? "Invited" : "Invite someone"} closeOnClickOutside={!made} closeButtonProps={{ "aria-label": "Close" }}>
      {made ? <LinkOnce {...made.link} email={made.user.email} onDone={close} /> : opened ? <InviteForm onCancel={close} onMade={setMade} /> : null}
    </Modal>
  );
}

function InviteForm({ onCancel, onMade }: { onCancel: () => void; onMade: (made: UserWithLink) => void }) {
  const client = useTRPCClient();
  const refresh = useRefresh();
  const { form, busy, problem, onSubmit } = useCheckedForm({
    initial: { email: "", role: "viewer" as RoleName },
    schema: async () => (await import("../../server/access/schema.ts")).InviteUser,
    toInput: (values) => values,
    send: async (input) => {
      onMade(await client.access.inviteUser.mutate(input));
      await refresh();
    },
  });
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <TextInput label="Email" type="email" required withAsterisk={false} autoComplete="off" data-autofocus {...form.getInputProps("email")} />
      <RoleChoice defaultValue="viewer" onChange={(role) => form.setFieldValue("role", role)} />
      <p className={styles.note}>You get a link to send. It is good for seven days and works once.</p>
      <FormProblem problem={problem} />
      <div className={styles.end}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Make the link
        </Button>
      </div>
    </form>
  );
}
