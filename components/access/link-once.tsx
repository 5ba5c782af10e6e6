"use client";
import { Button } from "@mantine/core";
import type { UserWithLink } from "../../server/access/schema.ts";
import { StatusIcon } from "../data/status.tsx";
import { formatUtc } from "../data/format.ts";
import { SecretOnce } from "./secret-once.tsx";
import styles from "./access.module.css";

type LinkOnceProps = { url: string; expiresAt: Date; email: string; onDone: () => void };

/** A link that was just made: on its way by mail, or shown this once. */
export function SentLink({ made, onDone }: { made: UserWithLink; onDone: () => void }) {
  if (made.link) return <LinkOnce {...made.link} email={made.user.email} onDone={onDone} />;
  return (
    <div className={styles.secret}>
      <p className={styles.note} role="status">
        <StatusIcon state="ok" /> A link is on its way to <b>{made.mailedTo}</b>. Whether the mail server took it stands in the panel of {made.user.name}.
      </p>
      <div className={styles.end}>
        <Button data-autofocus onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

/** A one-time link, shown this once, to be sent to its owner. */
function LinkOnce({ url, expiresAt, email, onDone }: LinkOnceProps) {
  return <SecretOnce label="The link" secret={url} note={`is shown only now. Send it to ${email}; whoever has it can use it once, until ${formatUtc(expiresAt)}.`} onDone={onDone} />;
}
