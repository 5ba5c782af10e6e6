/** What the pages ask first; the server fetches the same before anything is drawn. */
export const PLANS_INPUT = { limit: 100, archived: false } as const;
export const CATALOGUE_LIMIT = 12;
export const DRILLS_LIMIT = 12;
/** While something runs its figures are asked for this often: fast enough to watch, far below a caller's limit of reads. */
export const WATCH_MS = 3_000;
