/** Tiers as people choose them; the words are those of the module's schema. */
export const TIER_OPTIONS = [
  { value: "1", label: "1, critical" },
  { value: "2", label: "2, important" },
  { value: "3", label: "3, internal" },
];

/** "1, critical". */
export function tierWords(tier: number): string {
  return TIER_OPTIONS[tier - 1]?.label ?? String(tier);
}
