/**
 * The recovery kit: one page of text, to print or keep in a safe, that together with a store brings everything back. It
 * holds the whole key ring, and works as the key file of every command.
 */
import { createHash } from "node:crypto";
import { parseKeyring, type Keyring } from "../../platform/crypto.ts";
import { AppError } from "../../platform/errors.ts";

const BEGIN = "-----BEGIN SEAWORTHY KEY RING-----";
const END = "-----END SEAWORTHY KEY RING-----";
const FINGERPRINT_CHARACTERS = 16;

/** What tells two rings apart without giving anything away: the beginning of a hash over ids and keys. */
export function ringFingerprint(ring: Keyring): string {
  const hash = createHash("sha256");
  for (const [id, key] of [...ring.keys].toSorted(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${id}\0`).update(createHash("sha256").update(key).digest());
  return (hash.digest("hex").slice(0, FINGERPRINT_CHARACTERS).match(/.{4}/g) ?? []).join(" ");
}

/** The ring as a key ring file holds it. */
export function encodeRing(ring: Keyring): string {
  return `${JSON.stringify({ current: ring.current, keys: Object.fromEntries([...ring.keys].map(([id, key]) => [id, key.toString("base64")])) }, null, 2)}\n`;
}

export type KitFacts = {
  /** The console's public address or name. */
  installation: string;
  at: Date;
  /** Where backups lie, without secrets. */
  stores: string[];
  /** The folder in which the console's own backups lie in each store. */
  ownFolder: string;
};

/** Writes the kit. It holds secrets: hand it to one person, never to a log. */
export function recoveryKit(ring: Keyring, facts: KitFacts): string {
  const stores = facts.stores.length > 0 ? facts.stores.map((store) => `  - ${store}`) : ["  (no store yet)"];
  return [
    "SEAWORTHY RECOVERY KIT",
    "======================",
    "",
    `Console:      ${facts.installation}`,
    `Made:         ${facts.at.toISOString()}`,
    `Current key:  ${ring.current} of ${ring.keys.size}`,
    `Fingerprint:  ${ringFingerprint(ring)}`,
    "",
    "Whoever holds this page and a store can read every backup. Keep it apart from",
    "the backups: on paper in a safe, or in a password manager. Make a new one after",
    "each rotation of the keys.",
    "",
    "Backups lie in:",
    ...stores,
    "",
    "To bring a lost console back on an empty machine, with this page as kit.txt:",
    "",
    "  npm run cli -- backup list --store <store> --key-file kit.txt",
    "  npm run cli -- backup ring --key-file kit.txt --out .seaworthy/keyring.json",
    "  npm run cli -- backup restore --store <store> --key-file kit.txt \\",
    `    --backup latest --name ${facts.ownFolder} --to own`,
    "",
    "<store> is a folder such as /var/backups/seaworthy, or s3://bucket/prefix?endpoint=https://…",
    "with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.",
    `${facts.ownFolder} is the folder of the console's own backups in the store, as the list shows it.`,
    "The steps in full are in docs/operations/backup-recovery.md.",
    "",
    BEGIN,
    encodeRing(ring).trimEnd(),
    END,
    "",
  ].join("\n");
}

/** Reads a key ring file, or the kit that holds one. Throws AppError. */
export function readKeys(text: string): Keyring {
  const start = text.indexOf(BEGIN);
  if (start < 0) return parseKeyring(text);
  const end = text.indexOf(END, start);
  if (end < 0) throw new AppError("invalid", "The recovery kit ends inside its key ring.");
  return parseKeyring(text.slice(start + BEGIN.length, end));
}
