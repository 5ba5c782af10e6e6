"use client";
import { useEffect, useState } from "react";
import type { SetupState } from "../../server/access/schema.ts";
import { AdministratorForm } from "./administrator-form.tsx";
import { AuthFrame } from "./auth-frame.tsx";
import { FirstServiceForm } from "./first-service-form.tsx";
import { SetupSteps } from "./setup-steps.tsx";

const ADMINISTRATOR = 2;
const FIRST_SERVICE = 3;

type SetupScreenProps = {
  facts: NonNullable<SetupState["facts"]>;
  /** The code from the printed link; empty when the page was opened without it. */
  token: string;
  version: string;
  about: string;
};

/** The first run, from the administrator to the first service. */
export function SetupScreen({ facts, token, version, about }: SetupScreenProps) {
  const [step, setStep] = useState(ADMINISTRATOR);
  useEffect(() => {
    // The code is in the form now; it need not stay in the address bar and the history.
    window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return (
    <AuthFrame about={about} aside={<SetupSteps facts={facts} present={step} version={version} />}>
      {step === ADMINISTRATOR ? <AdministratorForm token={token} onDone={() => setStep(FIRST_SERVICE)} /> : <FirstServiceForm />}
    </AuthFrame>
  );
}
