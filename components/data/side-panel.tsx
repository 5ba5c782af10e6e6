"use client";
import { useHotkeys } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { QuietIcon } from "./quiet-icon.tsx";
import styles from "./side-panel.module.css";

interface SidePanelProps {
  title: ReactNode;
  /** Names the region: "Preview of Search". */
  label: string;
  badge?: ReactNode;
  /** 440 where it holds code. */
  width?: 360 | 440;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
  children: ReactNode;
}

/** A preview beside a list: in the page, not over it. Escape closes it; it keeps in view while the list scrolls. */
export function SidePanel({ title, label, badge, width = 360, onClose, onPrevious, onNext, children }: SidePanelProps) {
  useHotkeys([["Escape", onClose]]);
  return (
    <aside className={styles.panel} style={{ "--panel-width": `${width}px` } as React.CSSProperties} aria-label={label}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {badge}
        <span className={styles.tools}>
          {onPrevious ? (
            <QuietIcon label="Previous" onClick={onPrevious}>
              <IconChevronUp size={18} aria-hidden />
            </QuietIcon>
          ) : null}
          {onNext ? (
            <QuietIcon label="Next" onClick={onNext}>
              <IconChevronDown size={18} aria-hidden />
            </QuietIcon>
          ) : null}
          <QuietIcon label="Close" onClick={onClose}>
            <IconX size={18} aria-hidden />
          </QuietIcon>
        </span>
      </header>
      {children}
    </aside>
  );
}

/** A part of the panel under a hairline, with a quiet title and something at its right. */
export function SidePanelSection({ title, aside, children }: { title?: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      {title ? (
        <div className={styles.sectionHead}>
          <h3 className={styles.sectionTitle}>{title}</h3>
          {aside ? <span>{aside}</span> : null}
        </div>
      ) : null}
      {children}
    </section>
  );
}

/** Label and value in rows: the facts about one thing. */
export function Facts({ rows }: { rows: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map(([label, value]) => (
        <div key={label} className={styles.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A list and, when there is one, the panel at its right; on a narrow window the panel comes first. */
export function WithPanel({ panel, children }: { panel: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.layout} data-open={panel ? true : undefined}>
      <div className={styles.main}>{children}</div>
      {panel}
    </div>
  );
}
