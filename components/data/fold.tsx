"use client";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import styles from "./fold.module.css";

interface FoldProps {
  label: string;
  /** Open from the start. */
  opened?: boolean;
  /** A field inside is refused: the fold opens so that it can be seen. */
  errors?: boolean;
  children: ReactNode;
}

/** Less asked-for fields behind one line; what is typed inside stays when it is closed. */
export function Fold({ label, opened = false, errors = false, children }: FoldProps) {
  const [open, setOpen] = useState(opened);
  const body = useId();
  const isOpen = open || errors;
  return (
    <div className={styles.fold}>
      <button type="button" className={styles.button} aria-expanded={isOpen} aria-controls={body} onClick={() => setOpen(!isOpen)}>
        <IconChevronRight size={16} stroke={1.75} aria-hidden />
        {label}
      </button>
      <div id={body} className={styles.body} hidden={!isOpen}>
        {children}
      </div>
    </div>
  );
}
