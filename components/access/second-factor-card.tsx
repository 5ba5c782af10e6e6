"use client";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { SecondFactor } from "../../server/access/schema.ts";
import { RelativeTime } from "../data/relative-time.tsx";
import { Facts } from "../data/side-panel.tsx";
import { SkeletonBlock } from "../data/skeleton.tsx";
import { StatusText } from "../data/status.tsx";
import { RenewCodesDialog, TurnOffDialog } from "./second-factor-dialogs.tsx";
import { SetUpSecondFactor } from "./set-up-second-factor.tsx";
import styles from "./access.module.css";

const HEIGHT = 120;
type Asking = "setUp" | "renew" | "turnOff" | null;

/** Whether the second factor is on, and what to do about it. */
export function SecondFactorCard({ factor }: { factor: SecondFactor | undefined }) {
  const [asking, ask] = useState<Asking>(null);
  const close = () => ask(null);
  if (!factor) return <SkeletonBlock height={HEIGHT} />;
  if (!factor.hasPassword) return <p className={styles.note}>This account signs in elsewhere; a second factor is set up there.</p>;
  return (
    <div className={styles.form}>
      {factor.isOn ? (
        <Facts
          rows={[
            ["State", <StatusText key="state" state="ok">On</StatusText>],
            ["Since", <RelativeTime key="since" at={factor.since} />],
            ["Recovery codes", `${factor.recoveryCodesLeft} of 10 left`],
          ]}
        />
      ) : (
        <p className={styles.note}>After the password, signing in asks for a code that an app on your phone shows. Any authenticator app will do. Ten recovery codes let you in when the phone is lost.</p>
      )}
      <div className={styles.end}>
        {factor.isOn ? (
          <>
            <Button variant="default" onClick={() => ask("turnOff")}>
              Turn off
            </Button>
            <Button variant="default" onClick={() => ask("renew")}>
              New recovery codes
            </Button>
          </>
        ) : (
          <Button onClick={() => ask("setUp")}>Set up</Button>
        )}
      </div>
      <SetUpSecondFactor opened={asking === "setUp"} onClose={close} />
      <RenewCodesDialog opened={asking === "renew"} onClose={close} />
      <TurnOffDialog opened={asking === "turnOff"} onClose={close} />
    </div>
  );
}
