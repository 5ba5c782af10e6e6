"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { User } from "../../server/access/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { CopyButton } from "../data/copy-button.tsx";
import { describeError } from "../data/describe-error.ts";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { StatusBadge } from "../data/status.tsx";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { ROLE_WORDS } from "./words.ts";
import styles from "./access.module.css";

type Asking = "edit" | "disable" | "enable" | "reset" | null;

/** One person: facts, and what an admin may do with the account. */
export function UserPanel({ user, onClose }: { user: User; onClose: () => void }) {
  const viewer = useViewer();
  const [asking, ask] = useState<Asking>(null);
  const isSelf = viewer?.id === user.id;
  return (
    <SidePanel title={user.name} label={`User ${user.name}`} badge={user.disabledAt ? <StatusBadge state="unknown">Disabled</StatusBadge> : null} onClose={onClose}>
      <SidePanelSection>
        <div className={styles.buttons}>
          <Button size="xs" variant="default" onClick={() => ask("edit")}>
            Edit
          </Button>
          <Button size="xs" variant="default" onClick={() => ask("reset")}>
            New password
          </Button>
          {isSelf ? null : user.disabledAt ? (
            <Button size="xs" variant="default" onClick={() => ask("enable")}>
              Enable
            </Button>
          ) : (
            <Button size="xs" variant="outline" color="red" onClick={() => ask("disable")}>
              Disable
            </Button>
          )}
        </div>
      </SidePanelSection>
      <SidePanelSection>
        <Facts
          rows={[
            ["Email", user.email],
            ["Role", ROLE_WORDS[user.role]],
            ["Last sign-in", <RelativeTime key="seen" at={user.lastSignInAt} />],
            ["Sessions", plural(user.liveSessions, "session")],
            ["API keys", plural(user.liveKeys, "key")],
            ["Added", <RelativeTime key="added" at={user.createdAt} />],
            ["Id", <span key="id"><code>{user.id}</code> <CopyButton value={user.id} label="Copy id" /></span>],
          ]}
        />
      </SidePanelSection>
      <EditUserDialog user={user} opened={asking === "edit"} onClose={() => ask(null)} />
      <UserConfirms user={user} asking={asking} onClose={() => ask(null)} />
    </SidePanel>
  );
}

function UserConfirms({ user, asking, onClose }: { user: User; asking: Asking; onClose: () => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const recordedAs = useViewer()?.name;
  const [password, setPassword] = useState<string | null>(null);
  const refresh = () => client.invalidateQueries(trpc.access.pathFilter());
  const after = (title: string) => ({ onSuccess: () => (toast({ tone: "ok", title }), refresh()), onSettled: onClose });
  const disable = useMutation(trpc.access.disableUser.mutationOptions(after(`${user.name} is disabled`)));
  const enable = useMutation(trpc.access.enableUser.mutationOptions(after(`${user.name} is enabled`)));
  const reset = useMutation(trpc.access.resetPassword.mutationOptions({ onSuccess: (result) => (setPassword(result.generatedPassword), refresh()), onSettled: onClose }));
  return (
    <>
      <Confirm
        opened={asking === "disable"}
        onClose={onClose}
        onConfirm={() => disable.mutate({ id: user.id })}
        title={`Disable ${user.name}`}
        sentence={`${user.name} can no longer sign in. What they made stays, and the account can be enabled again.`}
        consequence={{ title: "Ends at once", text: `${plural(user.liveSessions, "session")} and ${plural(user.liveKeys, "API key")}. Scripts that use the keys will be refused.` }}
        confirmLabel="Disable"
        danger
        recordedAs={recordedAs}
        busy={disable.isPending}
      />
      <Confirm
        opened={asking === "enable"}
        onClose={onClose}
        onConfirm={() => enable.mutate({ id: user.id })}
        title={`Enable ${user.name}`}
        sentence={`${user.name} can sign in again as ${ROLE_WORDS[user.role]}. Keys that were not revoked work again; ended sessions stay ended.`}
        confirmLabel="Enable"
        recordedAs={recordedAs}
        busy={enable.isPending}
      />
      <Confirm
        opened={asking === "reset"}
        onClose={onClose}
        onConfirm={() => reset.mutate({ id: user.id })}
        title={`New password for ${user.name}`}
        sentence="A new password is made and shown once. The old one stops working."
        consequence={{ title: "Ends at once", text: `${plural(user.liveSessions, "session")} of ${user.name}. API keys keep working.` }}
        confirmLabel="Make a new password"
        recordedAs={recordedAs}
        busy={reset.isPending}
      />
      <Modal opened={password !== null} onClose={() => setPassword(null)} title="New password" closeOnClickOutside={false} closeButtonProps={{ "aria-label": "Close" }}>
        <SecretOnce label="The password" secret={password ?? ""} note={`is shown only now. Give it to ${user.email}.`} onDone={() => setPassword(null)} />
      </Modal>
    </>
  );
}

function EditUserDialog({ user, opened, onClose }: { user: User; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${user.name}`} closeButtonProps={{ "aria-label": "Close" }}>
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
