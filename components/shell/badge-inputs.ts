/** What the navigation's badges ask; the layout fetches it before anything is drawn, since the pages ask the same. */
export const BADGE_SERVICES = { filter: "" } as const;
export const BADGE_QUEUES = { range: "24h" } as const;
