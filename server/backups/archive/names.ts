/** Names of stored objects. They sort by time within a plan, and are safe on every file system and in every bucket. */
const SLUG_MAX_LENGTH = 60;
const ID_TAIL = 8;

export const ARCHIVE_SUFFIX = ".swb";
export const MANIFEST_SUFFIX = ".manifest";

/** A name as a part of file names: `Orders (EU)` becomes `orders-eu`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, SLUG_MAX_LENGTH)
    .replace(/-+$/, "");
  return slug === "" ? "backup" : slug;
}

/** `20270115_020000`, in UTC. */
export function stampOf(at: Date): string {
  const digits = at.toISOString().replaceAll(/[-:]/g, "");
  return `${digits.slice(0, 8)}_${digits.slice(9, 15)}`;
}

/** `orders/orders_20270115_020000_4V7XJ6RD.swb` and its manifest. */
export function backupNames(input: { plan: string; id: string; at: Date }): { archive: string; manifest: string } {
  const slug = slugOf(input.plan);
  const tail = input.id.replaceAll(/[^A-Za-z0-9]/g, "").slice(-ID_TAIL);
  const archive = `${slug}/${slug}_${stampOf(input.at)}_${tail}${ARCHIVE_SUFFIX}`;
  return { archive, manifest: archive + MANIFEST_SUFFIX };
}
