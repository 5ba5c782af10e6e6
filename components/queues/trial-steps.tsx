import type { TriedStep } from "../../server/queues/schema/index.ts";
import { StatusText } from "../data/status.tsx";
import { STEP_WORDS } from "./connection-words.ts";
import styles from "./queues.module.css";

/** What was tried, in order, and what came of each step. */
export function TrialSteps({ tried }: { tried: readonly TriedStep[] }) {
  return (
    <ol className={styles.steps} aria-label="What was tried">
      {tried.map(({ step, isOk, detail }) => (
        <li key={step}>
          <StatusText state={isOk ? "ok" : "fail"}>{STEP_WORDS[step]}</StatusText>
          <span className={styles.stepDetail}>{detail}</span>
        </li>
      ))}
    </ol>
  );
}
