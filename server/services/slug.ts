/** Slugs: the part of a service's name that fits into an address, unique among services. */

const SLUG_MAX = 60;
/** Room for a number that makes a slug unique. */
const SUFFIX_ROOM = 5;

/** Makes a slug from any name: "Crème Brûlée API" → "creme-brulee-api"; "service" when nothing usable is left. */
export function slugOf(name: string): string {
  const ascii = name.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const slug = ascii.replace(/[^a-z0-9]+/g, "-").slice(0, SLUG_MAX - SUFFIX_ROOM).replace(/^-+|-+$/g, "");
  return slug.length >= 2 ? slug : slug ? `service-${slug}` : "service";
}

/** The slug itself when it is free, else the first free one with a number: `api`, `api-2`, `api-3`. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  let n = 2;
  while (taken.has(`${slug}-${n}`)) n++;
  return `${slug}-${n}`;
}
