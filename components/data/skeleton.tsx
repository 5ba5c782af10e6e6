import styles from "./skeleton.module.css";

/** A quiet placeholder of the size of what will come, so nothing jumps. */
export function SkeletonBlock({ height, width = "100%" }: { height: number | "100%"; width?: number | string }) {
  return <span className={styles.block} style={{ height, width }} aria-hidden />;
}

/** Placeholder rows of `height` pixels; announced once as loading. */
export function SkeletonRows({ count, height = 40 }: { count: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading" className={styles.rows}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={styles.row} style={{ height }}>
          {[30, 14, 22].map((share, place) => (
            <span key={share} style={{ flex: `0 0 ${share}%` }}>
              <SkeletonBlock height={8} width={`${90 - ((index + place) % 3) * 15}%`} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
