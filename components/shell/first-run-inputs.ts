/** What the first steps ask: whether there is a second person, and any key. */
export const FIRST_USERS = { limit: 2 } as const;
export const FIRST_KEY = { limit: 1, owner: "all" } as const;
