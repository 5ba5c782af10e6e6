import { SkeletonBlock, SkeletonRows } from "../data/skeleton.tsx";
import { Panel } from "./page.tsx";
import styles from "./page.module.css";

/** A page before its facts: title, sentence and rows in their places. */
export function PageSkeleton() {
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.titles}>
          <SkeletonBlock height={20} width={160} />
        </div>
        <p className={styles.sentence}>
          <SkeletonBlock height={14} width="60%" />
        </p>
      </div>
      <Panel label="Loading">
        <SkeletonRows count={8} />
      </Panel>
    </div>
  );
}
