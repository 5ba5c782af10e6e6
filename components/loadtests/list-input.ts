/** One page of the list; the page fetches the same before it is drawn. */
export const LIST_INPUT = { limit: 50, search: "" } as const;
