"use client";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { BegunSecondFactor } from "../../server/access/schema.ts";
import { CopyButton } from "../data/copy-button.tsx";
import { FormProblem } from "../data/form-problem.tsx";
import { useCheckedForm } from "../data/use-checked-form.ts";
import { toast } from "../shell/toast.ts";
import { useTRPCClient } from "../trpc/client.tsx";
import { ProvePassword } from "./prove-password.tsx";
import { QrCode } from "./qr/qr-code.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { useRefresh } from "./second-factor-dialogs.tsx";
import styles from "./access.module.css";

/** Password, then the QR code and a first code, then the recovery codes. */
export function SetUpSecondFactor({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useTRPCClient();
  const refresh = useRefresh();
  const [begun, setBegun] = useState<BegunSecondFactor | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => {
    setBegun(null);
    setCodes(null);
    onClose();
  };
  const onConfirmed = async (recoveryCodes: readonly string[]) => {
    setCodes(recoveryCodes);
    toast({ tone: "ok", title: "Second factor turned on", message: "Your other sessions are ended." });
    await refresh();
  };
  const step = codes ? (
    <RecoveryCodes codes={codes} onDone={close} />
  ) : begun ? (
    <ConfirmCode begun={begun} onConfirmed={onConfirmed} onCancel={close} />
  ) : opened ? (
    <ProvePassword sentence="First, make sure that it is you." confirmLabel="Continue" send={async (input) => setBegun(await client.access.beginSecondFactor.mutate(input))} onCancel={close} />
  ) : null;
  return (
    <Modal opened={opened} onClose={close} title={codes ? "Recovery codes" : "Set up the second factor"} closeOnClickOutside={!begun} closeOnEscape={!codes} closeButtonProps={{ "aria-label": "Close" }}>
      {step}
    </Modal>
  );
}

type ConfirmCodeProps = { begun: BegunSecondFactor; onConfirmed: (codes: readonly string[]) => Promise<void>; onCancel: () => void };
/** Groups of four are easier to type. */
const grouped = (key: string) => key.match(/.{1,4}/g)?.join(" ") ?? key;

function ConfirmCode({ begun, onConfirmed, onCancel }: ConfirmCodeProps) {
  const client = useTRPCClient();
  const { form, busy, problem, onSubmit } = useCheckedForm({
    initial: { code: "" },
    schema: async () => (await import("../../server/access/schema.ts")).CodeInput,
    toInput: (values) => values,
    send: async (input) => onConfirmed((await client.access.confirmSecondFactor.mutate(input)).recoveryCodes),
  });
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <p className={styles.note}>Scan this with your authenticator app, or type the key into it. Then enter the code that it shows.</p>
      <div className={styles.qr}>
        <QrCode text={begun.uri} label="QR code for the authenticator app" />
      </div>
      <div className={styles.secretBox}>
        <code aria-label="Key">{grouped(begun.key)}</code>
        <CopyButton value={begun.key} label="Copy key" />
      </div>
      <TextInput label="Code" required withAsterisk={false} inputMode="numeric" autoComplete="one-time-code" maxLength={40} data-autofocus {...form.getInputProps("code")} />
      <FormProblem problem={problem} />
      <div className={styles.end}>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Turn on
        </Button>
      </div>
    </form>
  );
}
