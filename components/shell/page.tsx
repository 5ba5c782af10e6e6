import { IconDatabase, IconHistory } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { State } from "../data/status.tsx";
import { AwayBanner } from "./away.tsx";
import { PageSentence } from "./page-sentence.tsx";
import styles from "./page.module.css";

/** How things stand, in one sentence: `lead` is the answer, `rest` the reason. */
export type Sentence = {
  tone: State;
  lead: string;
  rest?: ReactNode;
  /** True for a sentence of tone unknown that says how things stand, and so grows old like the others; most of that tone only instruct. */
  growsOld?: boolean;
};

export interface PageProps {
  title: string;
  /** A status badge beside the title. */
  badge?: ReactNode;
  tags?: ReactNode;
  /** Buttons at the right; exactly one of them may be filled. */
  actions?: ReactNode;
  sentence?: Sentence;
  /** A row under the sentence, usually <PageTabs>. */
  tabs?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: title, the sentence that says how things stand, actions, then the content. */
export function Page({ title, badge, tags, actions, sentence, tabs, children }: PageProps) {
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h1 className={styles.title}>{title}</h1>
          {badge}
          {tags}
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
        {sentence ? <PageSentence {...sentence} /> : null}
      </header>
      <AwayBanner />
      {tabs}
      {children}
    </div>
  );
}

export interface CardProps {
  title: string;
  /** Legend, then one link, at the right of the title. */
  aside?: ReactNode;
  /** Where the facts come from and how old they are. A stale card says since when instead. */
  footer?: { source: ReactNode; at?: ReactNode };
  /** True when the facts are old; the footer is hatched and the caller shows nothing green. */
  isStale?: boolean;
  className?: string;
  children: ReactNode;
}

/** A panel with a title, a body and a footer that names source and freshness. */
export function Card({ title, aside, footer, isStale = false, className, children }: CardProps) {
  return (
    <section className={`${styles.card} ${className ?? ""}`} aria-label={title} data-stale={isStale || undefined}>
      <header className={styles.cardHead}>
        <h2 className={styles.cardTitle}>{title}</h2>
        {aside ? <div className={styles.aside}>{aside}</div> : null}
      </header>
      <div className={styles.body}>{children}</div>
      {footer ? <CardFooter {...footer} isStale={isStale} /> : null}
    </section>
  );
}

function CardFooter({ source, at, isStale }: { source: ReactNode; at?: ReactNode; isStale: boolean }) {
  return (
    <footer className={styles.footer} data-stale={isStale || undefined}>
      <span className={styles.source}>
        <IconDatabase size={12} aria-hidden />
        {source}
      </span>
      <span className={styles.at}>
        {isStale ? <IconHistory size={12} aria-hidden /> : null}
        {at}
      </span>
    </footer>
  );
}

/** A panel without a title, for tables and lists that carry their own head. */
export function Panel({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <section className={`${styles.card} ${className ?? ""}`} aria-label={label}>
      {children}
    </section>
  );
}

/** Cards side by side in twelve columns; each child says its width by `data-span`. One column on a phone. */
export function CardGrid({ children }: { children: ReactNode }) {
  return <div className={styles.grid}>{children}</div>;
}

/** A cell of the grid, `span` of twelve columns wide. */
export function GridCell({ span, children }: { span: 4 | 5 | 6 | 7 | 8 | 12; children: ReactNode }) {
  return (
    <div className={styles.cell} data-span={span}>
      {children}
    </div>
  );
}
