import type { ReactNode } from "react";
import styles from "./tags.module.css";

/** A quiet label beside a title: "tier 1". `strong` gives it the text's weight. */
export function Tag({ children, strong = false }: { children: ReactNode; strong?: boolean }) {
  return (
    <span className={styles.tag} data-strong={strong || undefined}>
      {children}
    </span>
  );
}

/** A row of tags; nothing when there are none. */
export function Tags({ values }: { values: readonly string[] }) {
  if (values.length === 0) return null;
  return (
    <span className={styles.row}>
      {values.map((value) => (
        <Tag key={value}>{value}</Tag>
      ))}
    </span>
  );
}

/** A key of the keyboard, as in "Ctrl K". */
export function Key({ children }: { children: ReactNode }) {
  return <kbd className={styles.key}>{children}</kbd>;
}
