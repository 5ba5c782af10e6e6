/** Services fetched at once; the page prefetches as many. */
export const LIST_LIMIT = 50;
