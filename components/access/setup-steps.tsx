import { IconCheck } from "@tabler/icons-react";
import type { SetupState } from "../../server/access/schema.ts";
import { Brand } from "./auth-frame.tsx";
import styles from "./auth.module.css";

type Facts = NonNullable<SetupState["facts"]>;

const CHECK_SIZE = 14;
/** The number of steps. */
export const STEPS = 3;

function firstStep(facts: Facts): string {
  const keys = facts.areKeysMade ? "keys are made" : "the key file is missing";
  return `PostgreSQL ${facts.databaseVersion} answers in ${facts.databaseMs} ms, ${keys}`;
}

/** The panel of the first run: why, and which of the steps is at hand. */
export function SetupSteps({ facts, present, version }: { facts: Facts; present: number; version: string }) {
  const steps = [
    { title: "Database and keys", text: firstStep(facts) },
    { title: "Administrator", text: "Your account, with every right" },
    { title: "First service", text: "By address; its health is live from then on" },
  ];
  return (
    <>
      <Brand />
      <div className={styles.pitch}>
        <p className={styles.promise}>
          Ready is never declared.
          <br />
          It is computed.
        </p>
        <p className={styles.lead}>Three short steps. The console checks itself from the first minute, so there is something to look at when you are done.</p>
        <ol className={styles.steps}>
          {steps.map(({ title, text }, index) => (
            <Step key={title} number={index + 1} present={present} title={title} text={text} />
          ))}
        </ol>
      </div>
      <p className={styles.version}>Version {version}. Nothing leaves this machine.</p>
    </>
  );
}

function Step({ number, present, title, text }: { number: number; present: number; title: string; text: string }) {
  const state = number < present ? "done" : number === present ? "present" : "later";
  return (
    <li className={styles.step} data-state={state} aria-current={state === "present" ? "step" : undefined}>
      <span className={styles.dot}>{state === "done" ? <IconCheck size={CHECK_SIZE} stroke={2.5} aria-label="Done" /> : number}</span>
      <span>
        <span className={styles.stepTitle}>{title}</span>
        <span className={styles.stepText}>{text}</span>
      </span>
    </li>
  );
}
