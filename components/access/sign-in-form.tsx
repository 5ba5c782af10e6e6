"use client";
import { Button } from "@mantine/core";
import { IconHeartbeat } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { expectSignIn, SignInRefusal, signIn, type Credentials } from "./auth-calls.ts";
import { Brand } from "./auth-frame.tsx";
import styles from "./auth.module.css";
import { CodeFields } from "./code-fields.tsx";
import { CredentialFields } from "./credential-fields.tsx";

type SignInProps = {
  /** A path of this console, checked by the page. */
  callbackUrl: string;
  /** Name of the issuer for single sign-on; null when there is none. */
  issuer: string | null;
  /** True when the console can mail a link to a new password. */
  sendsMail: boolean;
  /** What single sign-on led back with. */
  problem: string | null;
};

/** Asks for email and password, then, where the account has a second factor, for a code. */
export function SignInForm({ callbackUrl, issuer, sendsMail, problem: firstProblem }: SignInProps) {
  const [known, setKnown] = useState<Credentials | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(firstProblem);

  useEffect(() => expectSignIn(callbackUrl), [callbackUrl]);
  const enter = (credentials: Credentials): void => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    signIn(credentials)
      .then(() => window.location.assign(callbackUrl))
      .catch((error: Error) => {
        const needsCode = error instanceof SignInRefusal && error.needsCode;
        if (needsCode) setKnown(credentials);
        setProblem(needsCode ? null : error.message);
        setBusy(false);
      });
  };
  const restart = (): void => {
    setKnown(null);
    setProblem(null);
  };
  return (
    <div className={styles.narrow}>
      <Brand />
      {known ? <CodeFields email={known.email} busy={busy} problem={problem} onCode={(code) => enter({ ...known, code })} onBack={restart} /> : <CredentialFields busy={busy} problem={problem} sendsMail={sendsMail} onCredentials={enter} />}
      {issuer && !known ? <IssuerButton issuer={issuer} callbackUrl={callbackUrl} /> : null}
      <p className={styles.aid}>
        <IconHeartbeat size={16} stroke={1.75} aria-hidden />
        <span>Is the console itself well? No sign-in needed.</span>
        <a className="sw-link" href="/health/status">
          Health
        </a>
      </p>
    </div>
  );
}

function IssuerButton({ issuer, callbackUrl }: { issuer: string; callbackUrl: string }) {
  return (
    <Button component="a" href={`/api/auth-oidc/start?${new URLSearchParams({ callbackUrl })}`} variant="default" size="md" fullWidth mt={12}>
      Sign in with {issuer}
    </Button>
  );
}
