import type { ReactNode } from "react";
import { CodeTabs } from "./code.tsx";
import styles from "./empty-state.module.css";

interface EmptyStateProps {
  title: string;
  sentence: ReactNode;
  /** A line drawing of what will stand here. */
  drawing?: "lines" | "bars" | "rows";
  /** Ready-to-run snippets with this instance's address in them. */
  snippets?: readonly { name: string; code: string }[];
  /** The one filled action. */
  action?: ReactNode;
  secondary?: ReactNode;
  further?: ReactNode;
  /** What the page is waiting for: "Listening, this page changes when a report arrives". */
  listening?: string;
  notes?: readonly { title: string; text: string }[];
  /** A form in place of, or before, the action. */
  children?: ReactNode;
}

/** Nothing here yet: what this place is for, how the first thing gets in, what follows. */
export function EmptyState(props: EmptyStateProps) {
  const { title, sentence, drawing = "rows", snippets = [], action, secondary, further, listening, notes = [], children } = props;
  return (
    <section className={styles.state} aria-label={title}>
      <Drawing kind={drawing} />
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.sentence}>{sentence}</p>
      {children}
      {snippets.length > 0 ? <CodeTabs tabs={snippets} label={title} /> : null}
      {action || secondary || further || listening ? (
        <div className={styles.actions}>
          {action}
          {secondary}
          {further}
          {listening ? <span className={styles.listening}>{listening}</span> : null}
        </div>
      ) : null}
      {notes.length > 0 ? (
        <div className={styles.notes}>
          {notes.map((note) => (
            <div key={note.title}>
              <h3 className={styles.note}>{note.title}</h3>
              <p className={styles.text}>{note.text}</p>
            </div>
          ))}
        </div>
      ) : null}
    </section>
  );
}

function Drawing({ kind }: { kind: "lines" | "bars" | "rows" }) {
  return (
    <svg className={styles.drawing} width={120} height={48} viewBox="0 0 120 48" aria-hidden>
      {kind === "lines" ? (
        <>
          <path d="M0 10H120" data-state="ok" />
          <path d="M0 23H120" data-state="warn" />
          <path d="M0 36H120" data-state="fail" />
          <path d="M0 44L26 36L40 34L58 26L86 16" data-state="unknown" />
        </>
      ) : null}
      {kind === "bars"
        ? Array.from({ length: 20 }, (_, index) => <path key={index} d={`M${3 + index * 6} 46V${46 - (10 + ((index * 7) % 27))}`} data-state="unknown" data-solid />)
        : null}
      {kind === "rows"
        ? [8, 24, 40].map((y, index) => (
            <g key={y}>
              <circle cx={5} cy={y} r={4} data-state={index === 0 ? "ok" : "unknown"} />
              <path d={`M18 ${y}H${58 - index * 8}`} data-state="unknown" />
              <path d={`M72 ${y}H118`} data-state={index === 0 ? "ok" : "unknown"} />
            </g>
          ))
        : null}
    </svg>
  );
}
