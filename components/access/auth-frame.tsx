import type { ReactNode } from "react";
import { Mark } from "../shell/mark.tsx";
import styles from "./auth.module.css";
import { ThemeSwitch } from "./theme-switch.tsx";

const MARK_SIZE = 28;

/** The product's name with its mark. */
export function Brand() {
  return (
    <span className={styles.brand}>
      <Mark size={MARK_SIZE} />
      Seaworthy
    </span>
  );
}

/** What stands around the pages before sign-in: an optional panel at the left, the form in the middle, a line below. */
export function AuthFrame({ aside, about, children }: { aside?: ReactNode; about: string; children: ReactNode }) {
  return (
    <div className={styles.frame} data-aside={aside ? true : undefined}>
      {aside ? <aside className={styles.aside}>{aside}</aside> : null}
      <div className={styles.stage}>
        <main className={styles.main}>{children}</main>
        <footer className={styles.footer}>
          <span className={styles.about}>{about}</span>
          <a href="/api-docs">API docs</a>
          <ThemeSwitch />
        </footer>
      </div>
    </div>
  );
}
