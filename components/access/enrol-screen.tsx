"use client";
import { signOut } from "../shell/sign-out.ts";
import { Brand } from "./auth-frame.tsx";
import styles from "./auth.module.css";
import { SetUpSteps } from "./set-up-second-factor.tsx";

const leave = (): void => void signOut();

/** All that people see who must set up a second factor first. */
export function EnrolScreen({ email }: { email: string }) {
  return (
    <div className={styles.narrow}>
      <Brand />
      <div className={styles.card}>
        <div>
          <h1 className={styles.title}>Set up your second factor</h1>
          <p className={styles.lead}>This console asks {email} for one. It takes a minute and an authenticator app on your phone; nothing else opens before.</p>
        </div>
        <SetUpSteps email={email} cancelLabel="Sign out" onDone={() => window.location.assign("/")} onCancel={leave} />
      </div>
    </div>
  );
}
