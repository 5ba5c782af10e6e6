"use client";
import { formatCount } from "./format.ts";
import { StatusIcon, type State } from "./status.tsx";
import styles from "./filter-bar.module.css";

export interface FilterChip {
  value: string;
  label: string;
  count?: number;
  state?: State;
}

interface FilterChipsProps {
  label: string;
  options: readonly FilterChip[];
  value: string;
  onChange: (value: string) => void;
}

/** One choice among a few, each with its icon and count; beside the filter bar. */
export function FilterChips({ label, options, value, onChange }: FilterChipsProps) {
  return (
    <fieldset className={styles.chips} aria-label={label}>
      {options.map((option) => (
        <button key={option.value} type="button" className={styles.choice} aria-pressed={option.value === value} onClick={() => onChange(option.value)}>
          {option.state ? <StatusIcon state={option.state} /> : null}
          <span className={styles.choiceWord}>{option.label}</span>
          {option.count === undefined ? null : <span className={styles.count}>{formatCount(option.count)}</span>}
        </button>
      ))}
    </fieldset>
  );
}
