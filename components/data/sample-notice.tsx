"use client";
import { Button } from "@mantine/core";
import { StatusIcon } from "./status.tsx";
import styles from "./sample-notice.module.css";

/** Stands above made-up data and leads back. */
export function SampleNotice({ onLeave }: { onLeave: () => void }) {
  return (
    <div className={styles.notice} role="note">
      <StatusIcon state="unknown" />
      <p>
        <b>Sample data of a made-up shop.</b> Nothing of it is stored, nothing counts, and no gate or score knows it.
      </p>
      <Button onClick={onLeave}>Leave the sample</Button>
    </div>
  );
}
