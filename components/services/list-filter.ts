/** The filter text of the list, and the part of it that the chips stand for. Pure. */
import { formatFilter, parseFilter } from "../data/filter-text.ts";
import type { FilterChip } from "../data/filter-chips.tsx";
import type { Qualifier } from "../data/filter-bar.tsx";
import type { ServicesSummary, State } from "../../server/services/schema.ts";
import { TONES, WORDS } from "./states.ts";

const NAMES = ["state", "status", "is", "env", "environment", "owner", "tier", "domain", "tag"];
const CHIP_STATES: readonly State[] = ["down", "degraded", "unknown", "up"];
export const ARCHIVED = "archived";
export const ALL = "all";

/** Which chip a filter has pressed; "" when it holds a mixture that no chip stands for. */
export function chipOf(filter: string): string {
  const { qualifiers } = parseFilter(filter, NAMES);
  const chips = qualifiers.filter(isChip);
  if (chips.length === 0) return ALL;
  return chips.length === 1 ? (chips[0]?.value ?? "") : "";
}

/** The filter with another chip pressed; everything else in it stays. */
export function withChip(filter: string, chip: string): string {
  const parsed = parseFilter(filter, NAMES);
  const qualifiers = parsed.qualifiers.filter((qualifier) => !isChip(qualifier));
  if (chip === ARCHIVED) qualifiers.unshift({ name: "is", value: ARCHIVED });
  else if (chip !== ALL) qualifiers.unshift({ name: "state", value: chip });
  return formatFilter({ words: parsed.words, qualifiers });
}

function isChip({ name, value }: { name: string; value: string }): boolean {
  return name === "state" || name === "status" || (name === "is" && value === ARCHIVED);
}

/** The chips with their counts, once they are known. */
export function stateChips(counts: ServicesSummary["counts"] | undefined): FilterChip[] {
  const states = CHIP_STATES.filter((state) => state === "up" || state === "down" || counts === undefined || counts[state] > 0);
  return [
    { value: ALL, label: "All", count: counts?.all },
    ...states.map((state) => ({ value: state, label: WORDS[state], count: counts?.[state], state: TONES[state] })),
    { value: ARCHIVED, label: "Archived" },
  ];
}

interface Facets {
  tags: readonly { value: string }[];
  owners: readonly { value: string }[];
  environments: readonly { value: string }[];
  domains: readonly { value: string }[];
}

/** What the filter bar suggests, with the values in use. */
export function filterQualifiers(facets: Facets | undefined): Qualifier[] {
  const values = (list: readonly { value: string }[] | undefined) => list?.map(({ value }) => value).filter((value) => value !== "") ?? [];
  return [
    { name: "state", hint: "how it is now", values: CHIP_STATES },
    { name: "env", hint: "environment", values: values(facets?.environments) },
    { name: "owner", hint: "who answers for it", values: values(facets?.owners) },
    { name: "tier", hint: "1 to 3", values: ["1", "2", "3"] },
    { name: "tag", hint: "label", values: values(facets?.tags) },
    { name: "domain", hint: "area of the business", values: values(facets?.domains) },
    { name: "is", hint: "archived", values: [ARCHIVED] },
  ];
}
