import { StatusIcon } from "./status.tsx";
import styles from "./error-state.module.css";

/** That somebody else saved while this form was filled in. Announced when it appears. */
export function FormMeanwhile({ meanwhile }: { meanwhile: string | null }) {
  if (meanwhile === null) return null;
  return (
    <p className={styles.meanwhile} role="status">
      {meanwhile}
    </p>
  );
}

/** What stops a form as a whole; stands above its buttons. Announced when it appears. */
export function FormProblem({ problem }: { problem: string | null }) {
  if (problem === null) return null;
  return (
    <p className={styles.problem} role="alert">
      <StatusIcon state="fail" />
      <span>{problem}</span>
    </p>
  );
}
