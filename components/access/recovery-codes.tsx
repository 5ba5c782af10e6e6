"use client";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { CopyTextButton } from "../data/copy-button.tsx";
import { StatusIcon } from "../data/status.tsx";
import { saveText } from "../data/csv.ts";
import styles from "./access.module.css";

/** Recovery codes, shown this once, to copy or to download. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = `Recovery codes for ${window.location.host}\nEach signs in once, in place of a code from the app.\n\n${codes.join("\n")}\n`;
  return (
    <div className={styles.secret}>
      <p className={styles.note}>
        <StatusIcon state="warn" /> <b>These codes are shown only now.</b> Each signs you in once when your phone is lost. Keep them where you keep passwords.
      </p>
      <ul className={styles.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.end}>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => saveText("seaworthy-recovery-codes.txt", text, "text/plain;charset=utf-8")}>
          Download
        </Button>
        <CopyTextButton value={text} label="Copy all" />
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </div>
  );
}
