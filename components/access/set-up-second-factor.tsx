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

export type SetUpStep = "password" | "code" | "recovery";

type StepsProps = {
  /** Address of the account, where no viewer is known yet. */
  email?: string;
  /** Word of the way out. */
  cancelLabel?: string;
  onStep?: (step: SetUpStep) => void;
  onConfirmed?: () => Promise<void>;
  /** After the recovery codes were kept. */
  onDone: () => void;
  onCancel: () => void;
};

/** Password, then the QR code and a first code, then the recovery codes. */
export function SetUpSteps({ email, cancelLabel = "Cancel", onStep, onConfirmed, onDone, onCancel }: StepsProps) {
  const client = useTRPCClient();
  const [begun, setBegun] = useState<BegunSecondFactor | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const confirmed = async (recoveryCodes: readonly string[]) => {
    setCodes(recoveryCodes);
    onStep?.("recovery");
    toast({ tone: "ok", title: "Second factor turned on", message: "Your other sessions are ended." });
    await onConfirmed?.();
  };
  const begin = async (input: { password: string }) => {
    setBegun(await client.access.beginSecondFactor.mutate(input));
    onStep?.("code");
  };
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (begun) return <ConfirmCode begun={begun} onConfirmed={confirmed} cancelLabel={cancelLabel} onCancel={onCancel} />;
  return <ProvePassword email={email} cancelLabel={cancelLabel} sentence="First, make sure that it is you." confirmLabel="Continue" send={begin} onCancel={onCancel} />;
}

/** The steps in a dialog. */
export function SetUpSecondFactor({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const refresh = useRefresh();
  const [step, setStep] = useState<SetUpStep>("password");
  const close = () => {
    setStep("password");
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={step === "recovery" ? "Recovery codes" : "Set up the second factor"} closeOnClickOutside={step === "password"} closeOnEscape={step !== "recovery"}>
      {opened ? <SetUpSteps onStep={setStep} onConfirmed={refresh} onDone={close} onCancel={close} /> : null}
    </Modal>
  );
}

type ConfirmCodeProps = { begun: BegunSecondFactor; onConfirmed: (codes: readonly string[]) => Promise<void>; cancelLabel: string; onCancel: () => void };
/** Groups of four are easier to type. */
const grouped = (key: string) => key.match(/.{1,4}/g)?.join(" ") ?? key;

function ConfirmCode({ begun, onConfirmed, cancelLabel, onCancel }: ConfirmCodeProps) {
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
          {cancelLabel}
        </Button>
        <Button type="submit" loading={busy}>
          Turn on
        </Button>
      </div>
    </form>
  );
}
