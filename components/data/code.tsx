"use client";
import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import styles from "./code.module.css";

/** An id, path or value inside a sentence. */
export function Code({ children }: { children: ReactNode }) {
  return <code className={styles.inline}>{children}</code>;
}

/** A block of text as it is, scrolling sideways, with a copy button unless told otherwise. */
export function CodeBlock({ code, label, copy = true }: { code: string; label: string; copy?: boolean }) {
  return (
    <div className={styles.frame}>
      {/* A scrolling region must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.block} tabIndex={0} role="region" aria-label={label}>
        {code}
      </pre>
      {copy ? (
        <span className={styles.copy}>
          <CopyButton value={code} label={`Copy ${label}`} />
        </span>
      ) : null}
    </div>
  );
}

/** Ids are made from it, and an id may hold no space. */
const valueOf = (index: number): string => `snippet-${index}`;

/** Snippets of the same act in several languages or tools. */
export function CodeTabs({ tabs, label }: { tabs: readonly { name: string; code: string }[]; label: string }) {
  return (
    <Tabs defaultValue={valueOf(0)} className={styles.tabs}>
      <Tabs.List aria-label={label}>
        {tabs.map(({ name }, index) => (
          <Tabs.Tab key={name} value={valueOf(index)}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name, code }, index) => (
        <Tabs.Panel key={name} value={valueOf(index)}>
          <CodeBlock code={code} label={name} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
