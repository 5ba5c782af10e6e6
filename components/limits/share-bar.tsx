import type { Consumer } from "../../server/limits/schema.ts";
import { nearness } from "./words.ts";
import styles from "./limits.module.css";

/** How much of its limit a caller used at most: a bar, and the words beside it. */
export function ShareBar({ consumer }: { consumer: Consumer }) {
  const { state, words } = nearness(consumer);
  const share = state === "fail" ? 100 : Math.min(100, consumer.peak);
  return (
    <span className={styles.share} data-state={state}>
      <span className={styles.track} aria-hidden>
        <span className={styles.fill} data-state={state} style={{ width: `${share}%` }} />
      </span>
      {words}
    </span>
  );
}
