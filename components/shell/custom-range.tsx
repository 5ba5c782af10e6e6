"use client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { TimeRange } from "./time-range-value.ts";
import styles from "./header.module.css";

const asInput = (date: Date): string => date.toISOString().slice(0, 16);

const FIELD = { type: "datetime-local", size: "xs" } as const;

/** Two instants in UTC; both ends are kept as they are typed. */
export default function CustomRange({ range, onApply }: { range: TimeRange; onApply: (from: Date, to: Date) => void }) {
  const [from, setFrom] = useState(asInput(range.from));
  const [to, setTo] = useState(asInput(range.to));
  const start = new Date(`${from}Z`);
  const end = new Date(`${to}Z`);
  const isValid = end.getTime() > start.getTime();
  return (
    <form
      className={styles.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) onApply(start, end);
      }}
    >
      <TextInput {...FIELD} label="From, UTC" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      <TextInput {...FIELD} label="To, UTC" value={to} onChange={(event) => setTo(event.currentTarget.value)} error={isValid ? null : "Must be after the start"} />
      <Button type="submit" size="xs" variant="default" fullWidth disabled={!isValid}>
        Show this range
      </Button>
    </form>
  );
}
