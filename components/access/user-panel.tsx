"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { LinkMail, User } from "../../server/access/schema.ts";
import { CopyButton } from "../data/copy-button.tsx";
import { plural } from "../data/format.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts, SidePanel, SidePanelSection } from "../data/side-panel.tsx";
import { StatusBadge, StatusText } from "../data/status.tsx";
import { useViewer } from "../shell/viewer.tsx";
import { EditUserDialog } from "./edit-user-dialog.tsx";
import { UserConfirms, type Asking } from "./user-confirms.tsx";
import { useSendsMail } from "./use-sends-mail.ts";
import { LINK_MAIL, ROLE_WORDS, userState } from "./words.ts";
import styles from "./access.module.css";

/** What an admin may do with the account as it is now, beside enabling and disabling. */
function actsOn(user: User, sendsMail: boolean): { act: NonNullable<Asking>; label: string }[] {
  if (user.disabledAt) return [];
  if (user.isInvited) return [...(sendsMail ? [{ act: "mailInvitation", label: "Mail the invitation again" } as const] : []), { act: "invitation", label: "New invitation link" }];
  return [
    ...(sendsMail ? [{ act: "mailLink", label: "Mail a reset link" } as const] : []),
    { act: "link", label: "Reset link" },
    { act: "reset", label: "New password" },
    ...(user.hasSecondFactor ? [{ act: "secondFactor", label: "Remove second factor" } as const] : []),
    ...(user.isLinked ? [{ act: "unlink", label: "Cut single sign-on" } as const] : []),
  ];
}

/** One person: facts, and what an admin may do with the account. */
export function UserPanel({ user, onClose }: { user: User; onClose: () => void }) {
  const viewer = useViewer();
  const [asking, ask] = useState<Asking>(null);
  const sendsMail = useSendsMail();
  const isSelf = viewer?.id === user.id;
  const state = userState(user);
  return (
    <SidePanel title={user.name} label={`User ${user.name}`} badge={state.word === "Enabled" ? null : <StatusBadge state={state.state}>{state.word}</StatusBadge>} onClose={onClose}>
      <SidePanelSection>
        <div className={styles.buttons}>
          <Button size="xs" variant="default" onClick={() => ask("edit")}>
            Edit
          </Button>
          {actsOn(user, sendsMail).map(({ act, label }) => (
            <Button key={act} size="xs" variant="default" onClick={() => ask(act)}>
              {label}
            </Button>
          ))}
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
            ["Second factor", user.hasSecondFactor ? "On" : "Off"],
            ...(user.linkMail ? ([["Link by mail", <MailState key="mail" mail={user.linkMail} />]] as const) : []),
            ...(user.isLinked ? ([["Single sign-on", "Linked"]] as const) : []),
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

function MailState({ mail }: { mail: LinkMail }) {
  const { word, state } = LINK_MAIL[mail.state];
  return (
    <span>
      <StatusText state={state}>{word}</StatusText> <RelativeTime at={mail.at} />
      {mail.problem ? <span className={styles.note}> {mail.problem}</span> : null}
    </span>
  );
}
