/** Slugs for imported services, made like the console's own so that importing again finds the same services. */

const SLUG_MAX = 60;
/** Room for a number that makes a slug unique. */
const SUFFIX_ROOM = 5;

/** "Crème Brûlée API" → "creme-brulee-api"; a number is added when `taken` has it. */
export function slugFrom(name: string, taken: ReadonlySet<string>): string {
  const ascii = name.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const cut = ascii.replace(/[^a-z0-9]+/g, "-").slice(0, SLUG_MAX - SUFFIX_ROOM).replace(/^-+|-+$/g, "");
  const slug = cut.length >= 2 ? cut : cut ? `service-${cut}` : "service";
  if (!taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}
