"use client";
import { Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "../shell/toast.ts";
import { useTRPC, useTRPCClient } from "../trpc/client.tsx";
import { ProvePassword } from "./prove-password.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

type DialogProps = { opened: boolean; onClose: () => void };

/** Replaces the recovery codes. */
export function RenewCodesDialog({ opened, onClose }: DialogProps) {
  const client = useTRPCClient();
  const refresh = useRefresh();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => {
    setCodes(null);
    onClose();
  };
  const send = async (input: { password: string }) => {
    setCodes((await client.access.renewRecoveryCodes.mutate(input)).recoveryCodes);
    await refresh();
  };
  return (
    <Modal opened={opened} onClose={close} title="New recovery codes" closeOnClickOutside={!codes} closeOnEscape={!codes}>
      {codes ? <RecoveryCodes codes={codes} onDone={close} /> : opened ? <ProvePassword sentence="Ten new codes are made. The ones you have stop working." confirmLabel="Make new codes" send={send} onCancel={close} /> : null}
    </Modal>
  );
}

/** Turns the second factor off. */
export function TurnOffDialog({ opened, onClose }: DialogProps) {
  const client = useTRPCClient();
  const refresh = useRefresh();
  const send = async (input: { password: string }) => {
    await client.access.disableSecondFactor.mutate(input);
    toast({ tone: "ok", title: "Second factor turned off" });
    onClose();
    await refresh();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Turn the second factor off">
      {opened ? <ProvePassword sentence="From then on the password alone opens this account. The recovery codes stop working." confirmLabel="Turn off" danger send={send} onCancel={onClose} /> : null}
    </Modal>
  );
}

/** Reads everything of this module again. */
export function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return () => client.invalidateQueries(trpc.access.pathFilter());
}
