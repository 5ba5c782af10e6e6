/** The parts of the two pages, as their addresses hold them. Pure; read on both sides. */
export const LIST_TABS = ["scores", "waivers", "risks", "plan", "scoring"] as const;
export const CARD_TABS = ["rules", "questions", "history"] as const;

/** The tab of an address; anything unknown is the first. */
export function tabOf<Tab extends string>(tabs: readonly Tab[], value: string | null): Tab {
  return tabs.find((tab) => tab === value) ?? (tabs[0] as Tab);
}

/** One page of the list. */
export const LIST_INPUT = { limit: 50, sort: "score" } as const;
