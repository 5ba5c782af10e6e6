"use client";
import type { MouseEvent } from "react";
import { formatCount } from "./format.ts";
import type { State } from "./status.tsx";
import styles from "./page-tabs.module.css";

export interface PageTab {
  value: string;
  label: string;
  count?: number;
  /** Tints the count when it means trouble. */
  state?: State;
}

interface PageTabsProps {
  label: string;
  tabs: readonly PageTab[];
  value: string;
  /** The address of a tab, so that it can be opened elsewhere; a plain click stays on the page. */
  hrefOf: (value: string) => string;
  onChange: (value: string) => void;
}

/** The parts of one thing as links under the page's head; the chosen one is in the URL. */
export function PageTabs({ label, tabs, value, hrefOf, onChange }: PageTabsProps) {
  const click = (event: MouseEvent, next: string): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onChange(next);
  };
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.value} href={hrefOf(tab.value)} className={styles.tab} aria-current={tab.value === value ? "page" : undefined} onClick={(event) => click(event, tab.value)}>
          {tab.label}
          {tab.count === undefined ? null : (
            <span className={styles.count} data-state={tab.state}>
              {formatCount(tab.count)}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
