"use client";
import { Tooltip } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import styles from "./jobs.module.css";

/** Says on hover and focus why something is absent: one sentence each. Nothing when all is there. */
export function AbsentNote({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  return (
    <Tooltip multiline w={320} withinPortal events={{ hover: true, focus: true, touch: true }} label={reasons.map((reason) => <div key={reason}>{reason}</div>)}>
      <button type="button" className={styles.absent} aria-label={`Not possible here. ${reasons.join(" ")}`}>
        <IconInfoCircle size={14} aria-hidden />
        {reasons.length === 1 ? "1 not possible here" : `${reasons.length} not possible here`}
      </button>
    </Tooltip>
  );
}
