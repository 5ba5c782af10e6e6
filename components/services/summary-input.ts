/** What the overview asks the list for: eight rows fit beside the other cards without scrolling. */
export const SUMMARY_INPUT = { filter: "", sort: "worst", limit: 8 } as const;
