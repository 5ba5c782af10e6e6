"use client";
import { Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { User, UserWithLink } from "../../server/access/schema.ts";
import { Confirm } from "../data/confirm.tsx";
import { plural } from "../data/format.ts";
import { toast } from "../shell/toast.ts";
import { useViewer } from "../shell/viewer.tsx";
import { useTRPC } from "../trpc/client.tsx";
import { SentLink } from "./link-once.tsx";
import { SecretOnce } from "./secret-once.tsx";
import { ROLE_WORDS } from "./words.ts";

/** What an admin is asked about. */
export type Asking = "edit" | Act | null;
type Act = "disable" | "enable" | "reset" | "link" | "mailLink" | "invitation" | "mailInvitation" | "secondFactor" | "unlink";

type Words = { title: string; sentence: string; consequence?: { title: string; text: string }; confirmLabel: string; danger?: boolean };

function wordsOf(act: Act, user: User): Words {
  const sessions = plural(user.liveSessions, "session");
  const endsSessions = { title: "Ends at once", text: `${sessions} of ${user.name}. API keys keep working.` };
  const all: Record<Act, Words> = {
    disable: {
      title: `Disable ${user.name}`,
      sentence: `${user.name} can no longer sign in. What they made stays, and the account can be enabled again.`,
      consequence: { title: "Ends at once", text: `${sessions} and ${plural(user.liveKeys, "API key")}. Scripts that use the keys will be refused.` },
      confirmLabel: "Disable",
      danger: true,
    },
    enable: { title: `Enable ${user.name}`, sentence: `${user.name} can sign in again as ${ROLE_WORDS[user.role]}. Keys that were not revoked work again; ended sessions stay ended.`, confirmLabel: "Enable" },
    reset: { title: `New password for ${user.name}`, sentence: "A new password is made and shown once. The old one stops working.", consequence: endsSessions, confirmLabel: "Make a new password" },
    link: { title: `Reset link for ${user.name}`, sentence: `You get a link to send to ${user.name}, who then chooses a new password. It is good for one hour and works once. Nothing ends before it is used; earlier links stop working.`, confirmLabel: "Make the link" },
    mailLink: { title: `Mail a reset link to ${user.name}`, sentence: `A link goes to ${user.email}, by which ${user.name} chooses a new password. It is good for one hour and works once. Nothing ends before it is used; earlier links stop working.`, confirmLabel: "Send the link" },
    mailInvitation: { title: `Mail a new invitation to ${user.email}`, sentence: "A new link goes out, good for seven days. The earlier one stops working.", confirmLabel: "Send the link" },
    invitation: { title: `New invitation link for ${user.email}`, sentence: "You get a new link to send, good for seven days. The earlier one stops working.", confirmLabel: "Make the link" },
    secondFactor: { title: `Remove the second factor of ${user.name}`, sentence: "For someone who lost the phone and the recovery codes. Make sure that it is really them who ask: afterwards the password alone opens the account.", consequence: endsSessions, confirmLabel: "Remove", danger: true },
    unlink: { title: `Cut the single sign-on of ${user.name}`, sentence: "The next single sign-on with the same verified address links the account anew, also when it is another person's by then.", consequence: endsSessions, confirmLabel: "Cut", danger: true },
  };
  return all[act];
}

type Shown = { password: string } | { made: UserWithLink } | null;

function useActs(user: User, onClose: () => void) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [shown, show] = useState<Shown>(null);
  const refresh = () => client.invalidateQueries(trpc.access.pathFilter());
  const say = (title: string) => ({ onSuccess: () => (toast({ tone: "ok", title }), refresh()), onSettled: onClose });
  const showLink = { onSuccess: (made: UserWithLink) => (show({ made }), refresh()), onSettled: onClose };
  const link = useMutation(trpc.access.issueResetLink.mutationOptions(showLink));
  const invitation = useMutation(trpc.access.renewInvitation.mutationOptions(showLink));
  const acts = {
    disable: useMutation(trpc.access.disableUser.mutationOptions(say(`${user.name} is disabled`))),
    enable: useMutation(trpc.access.enableUser.mutationOptions(say(`${user.name} is enabled`))),
    reset: useMutation(trpc.access.resetPassword.mutationOptions({ onSuccess: (result) => (show({ password: result.generatedPassword ?? "" }), refresh()), onSettled: onClose })),
    link: { isPending: link.isPending, mutate: (input: { id: string }) => link.mutate({ ...input, delivery: "show" }) },
    mailLink: link,
    invitation: { isPending: invitation.isPending, mutate: (input: { id: string }) => invitation.mutate({ ...input, delivery: "show" }) },
    mailInvitation: invitation,
    secondFactor: useMutation(trpc.access.resetSecondFactor.mutationOptions(say("Second factor removed"))),
    unlink: useMutation(trpc.access.unlinkIdentities.mutationOptions(say("Single sign-on cut"))),
  };
  return { acts, shown, hide: () => show(null) };
}

/** Asks before each act on an account, and shows what is shown only once. */
export function UserConfirms({ user, asking, onClose }: { user: User; asking: Asking; onClose: () => void }) {
  const recordedAs = useViewer()?.name;
  const { acts, shown, hide } = useActs(user, onClose);
  const act = asking === "edit" ? null : asking;
  return (
    <>
      {act ? <Confirm opened onClose={onClose} onConfirm={() => acts[act].mutate({ id: user.id })} {...wordsOf(act, user)} recordedAs={recordedAs} busy={acts[act].isPending} /> : null}
      <Modal opened={shown !== null} onClose={hide} title={shown && "made" in shown ? "One-time link" : "New password"} closeOnClickOutside={false}>
        {shown && "made" in shown ? <SentLink made={shown.made} onDone={hide} /> : null}
        {shown && "password" in shown ? <SecretOnce label="The password" secret={shown.password} note={`is shown only now. Give it to ${user.email}.`} onDone={hide} /> : null}
      </Modal>
    </>
  );
}
