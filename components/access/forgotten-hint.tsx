import styles from "./auth.module.css";

/** What to do about a forgotten password where the console sends no mail. */
export function ForgottenHint() {
  return (
    <p className={styles.hint} role="status">
      An administrator can send you a link under Access that sets a new one. On the server itself, <code>npm run cli -- admin create --email you@example.com --reset</code> does the same.
    </p>
  );
}
