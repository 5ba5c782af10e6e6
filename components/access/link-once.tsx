"use client";
import { formatUtc } from "../data/format.ts";
import { SecretOnce } from "./secret-once.tsx";

type LinkOnceProps = { url: string; expiresAt: Date; email: string; onDone: () => void };

/** A one-time link, shown this once, to be sent to its owner. */
export function LinkOnce({ url, expiresAt, email, onDone }: LinkOnceProps) {
  return <SecretOnce label="The link" secret={url} note={`is shown only now. Send it to ${email}; whoever has it can use it once, until ${formatUtc(expiresAt)}.`} onDone={onDone} />;
}
