import { StatusBadge } from "../data/status.tsx";
import styles from "./auth.module.css";
import { Brand } from "./auth-frame.tsx";

/** Seconds between tries; the page is small and asks nothing of the database that is away. */
const AGAIN_SECONDS = 5;

/** In place of the sign-in form while the database is away. It loads itself again until that is over. */
export function DatabaseAway({ href }: { href: string }) {
  return (
    <div className={styles.narrow}>
      <meta httpEquiv="refresh" content={String(AGAIN_SECONDS)} />
      <Brand />
      <div className={styles.card} role="status">
        <div>
          <StatusBadge state="unknown">Not reachable</StatusBadge>
        </div>
        <h1 className={styles.title}>The console&rsquo;s database is away</h1>
        <p className={styles.lead}>Nobody can sign in until it answers again. Nothing was lost, and who was signed in a moment ago still sees the last known facts.</p>
        <p className={styles.hint}>
          This page tries again every {AGAIN_SECONDS} seconds and then goes on by itself. <a href={href}>Try now</a>
        </p>
      </div>
    </div>
  );
}
