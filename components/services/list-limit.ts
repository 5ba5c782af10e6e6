/** Rows fetched at a time: two screens; the next ones come while the last are still below the edge. */
export const LIST_LIMIT = 50;
