/** Rows fetched at a time: more than two screens, and what the server hands out at most. */
export const LIST_LIMIT = 100;
