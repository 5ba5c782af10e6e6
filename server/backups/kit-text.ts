/** The text of a recovery kit: the key ring, where backups lie, and the commands, on one page that can be printed. Pure. */
export type Kit = { ring: string; current: string; stores: { name: string; label: string; kind: string }[]; at: Date; address: string | null };

/** The key ring stands between two marks, so that it can be cut out by a program as well. */
export function kitText({ ring, current, stores, at, address }: Kit): string {
  const places = stores.map(({ name, label, kind }) => `  ${kind === "s3" ? "bucket" : "folder"}  ${label}  (${name})`);
  return [
    "SEAWORTHY RECOVERY KIT",
    `Made ${at.toISOString()}${address ? ` by ${address}` : ""}. Current key: ${current}.`,
    "",
    "Whoever holds this page and one of the stores can read every backup. Keep it apart from both:",
    "printed in a safe, or in a password manager of the team. Take a new one after every change of keys.",
    "",
    "Backups lie in:",
    ...(places.length > 0 ? places : ["  nowhere yet"]),
    "",
    "To bring a backup back on an empty machine:",
    "  1. Save the lines between the marks below as keyring.json (mode 0600).",
    "  2. seaworthy backup list    --store <folder or s3 address> --keyring keyring.json",
    "  3. seaworthy backup verify  --store <folder or s3 address> --keyring keyring.json <backup>",
    "  4. seaworthy backup restore --store <folder or s3 address> --keyring keyring.json <backup> --to postgresql://user@host/name",
    "",
    "-----BEGIN SEAWORTHY KEYRING-----",
    ring.trim(),
    "-----END SEAWORTHY KEYRING-----",
    "",
  ].join("\n");
}
